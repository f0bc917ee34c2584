import { expect } from 'chai';
import fc from 'fast-check';
import { type DesiredState, DocumentError, readDocument, stateProblems, writeDocument } from '@ipvs-ts/ipvs';
import { jsonSource } from '../../../dist/document/source/json.js';
import { PLACED, PLAIN, Refusal } from '../../../dist/document/source/maker.js';
import { readPlainYaml } from '../../../dist/document/source/plain-yaml.js';
import { yamlSource } from '../../../dist/document/source/yaml.js';
import { plainValue } from '../../../dist/document/locate.js';
import type { SourceNode } from '../../../dist/document/source/source.js';
import { states } from '../plan/states.js';

const seconds = fc.integer({ min: 0, max: 2_678_400 });
const names = fc.constantFrom(
  'eth0',
  'yes',
  'null',
  '1e3',
  '0x10',
  '~',
  "a'b",
  '#1',
  '&a',
  '*',
  '-',
  '[a',
  '{',
  '%',
  '@x',
  '0o7',
);
const daemon = fc.record(
  {
    interface: names,
    syncId: fc.integer({ min: 0, max: 255 }),
    maxLength: fc.integer({ min: 1, max: 65_507 }),
    group: fc.constantFrom('224.0.0.90', 'ff02::81'),
    port: fc.integer({ min: 1, max: 65_535 }),
    ttl: fc.integer({ min: 1, max: 255 }),
  },
  { requiredKeys: ['interface'] },
);
const documents: fc.Arbitrary<DesiredState> = fc
  .record(
    {
      state: states,
      timeouts: fc.record({ tcp: seconds, tcpFin: seconds, udp: seconds }, { requiredKeys: [] }),
      daemons: fc.record({ master: daemon, backup: daemon }, { requiredKeys: [] }),
      scheduler: names,
    },
    { requiredKeys: ['state', 'scheduler'] },
  )
  .map(({ state, scheduler, ...others }) => ({
    ...others,
    services: { ...state.services, 'fwmark:4294967295': { scheduler } },
  }))
  // A destination of the other family and a sync daemon exclude one another.
  .filter((state) => stateProblems(state).length === 0);

/** Damages a text: removes, inserts, doubles or swaps parts. */
const damage = fc.array(
  fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 12 }),
    text: fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        "'",
        '\n',
        '  ',
        '- ',
        '&a',
        '*a',
        '!!int ',
        '<<: ',
        '\t',
        '\0',
      ),
      fc.constantFrom(
        'null',
        '-1',
        '1e999',
        '01',
        '---\n',
        '%YAML 9\n',
        '\\',
        '|',
        '>',
        '? ',
        '#',
        '\ufeff',
        '\ud800',
      ),
      fc.string({ maxLength: 4 }),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('random documents', () => {
  it('are written and read back as they were, in both languages', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.constantFrom('json' as const, 'yaml' as const),
        async (state, format) => {
          const text = writeDocument(state, format);
          expect(await readDocument(text, { format })).to.deep.equal(state);
          expect(await readDocument(text)).to.deep.equal(state);
          expect(writeDocument(await readDocument(text), format)).to.equal(text);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('that are broken lead to the typed error with places, or a state without mistakes', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        damage,
        fc.constantFrom('json' as const, 'yaml' as const),
        async (state, hits, format) => {
          let text = writeDocument(state, format);
          for (const { at, length, text: put } of hits) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + put + text.slice(place + (length % 4 === 0 ? length : 0));
          }
          try {
            expect(stateProblems(await readDocument(text, { format }))).to.deep.equal([]);
          } catch (error) {
            if (!DocumentError.is(error, 'ERR_IPVS_DOCUMENT')) throw error;
            const lines = text.split(/\r\n|[\r\n]/);
            expect(error.problems).to.have.length.above(0);
            for (const { line = 0, column = 0, allowed, message } of error.problems) {
              expect(line, message).to.be.within(1, lines.length);
              expect(column, message).to.be.within(1, (lines[line - 1] ?? '').length + 2);
              expect(allowed).not.to.equal('');
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('are read by the fast reader of YAML as by the ordinary one, or not at all', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(documents, damage, fc.nat({ max: 6 }), async (state, hits, most) => {
        let text = writeDocument(state, 'yaml');
        for (const { at, length, text: put } of hits.slice(0, most)) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + (length % 4 === 0 ? length : 0));
        }
        let node: SourceNode;
        try {
          node = readPlainYaml(text, PLACED);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          return;
        }
        count += 1;
        const ordinary = await yamlSource(text);
        expect({ node, problems: [] }).to.deep.equal(ordinary);
        if (!hasRepeats(node)) expect(readPlainYaml(text, PLAIN)).to.deep.equal(plainValue(node));
      }),
      { numRuns: 600 },
    );
    expect(count).to.be.above(50);
  });

  it('are JSON if and only if JSON.parse says so, and the same then', () => {
    const texts = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .tuple(
          fc.json(),
          fc.nat(),
          fc.constantFrom(',', '"', '\\', '0', '-', '.', 'e', '}', ' ', '\u0001', '\ufeff'),
        )
        .map(([text, at, put]) => {
          const place = at % (text.length + 1);
          return text.slice(0, place) + put + text.slice(place);
        }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let value: unknown;
        let isJson = true;
        try {
          value = JSON.parse(text.replace(/^\ufeff/, ''));
        } catch {
          isJson = false;
        }
        const { node, problems } = jsonSource(text);
        expect(node !== undefined, text).to.equal(isJson);
        expect(problems.length).to.equal(isJson ? 0 : 1);
        // Of equal names the first counts here and the last there.
        if (isJson && !hasRepeats(node as SourceNode))
          expect(plainValue(node as SourceNode)).to.deep.equal(value);
      }),
      { numRuns: 2000 },
    );
  });
});

function hasRepeats(node: SourceNode): boolean {
  if (node.kind === 'list') return node.items.some(hasRepeats);
  if (node.kind === 'scalar') return false;
  return (
    new Set(node.entries.map(({ name }) => name)).size < node.entries.length ||
    node.entries.some(({ value }) => hasRepeats(value))
  );
}
