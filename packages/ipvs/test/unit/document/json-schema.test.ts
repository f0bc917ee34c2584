import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect } from 'chai';
import fc from 'fast-check';
import { type DesiredState, stateProblems } from '@ipvs-ts/ipvs';
import type { Field, Fields } from '../../../dist/model/field.js';
import { DOCUMENT_FIELDS } from '../../../dist/document/fields.js';
import { documentSchema } from '../../../dist/document/json-schema.js';
import { states } from '../plan/states.js';

const published = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@ipvs-ts/ipvs/schema.json')), 'utf8'),
) as Record<string, unknown>;
const validate = new Ajv({ allErrors: true }).compile(published);

function schemaTakes(document: unknown): boolean {
  return validate(document) === true;
}

function validationTakes(document: unknown): boolean {
  return stateProblems(document as DesiredState).length === 0;
}

/** A document in which every field may have any of its values, as far as fields can be combined. */
const ROOM = {
  services: {
    'fwmark:1': {
      scheduler: 'sh',
      flags: [],
      onePacket: false,
      persistence: { timeout: 1 },
      destinations: {
        '10.0.0.1:80': {
          forwarding: 'tunnel',
          weight: 1,
          upperThreshold: 2_147_483_647,
          lowerThreshold: 0,
          tunnel: { type: 'gue', port: 1, checksum: 'none' },
        },
        '10.0.0.2:80': { forwarding: 'masq' },
      },
    },
  },
  timeouts: { tcp: 1, tcpFin: 1, udp: 1 },
  daemons: { master: { interface: 'eth0' }, backup: { interface: 'eth0' } },
};

/** Every field with the path to it in ROOM. */
function* everyField(fields: Fields, path: readonly string[] = []): Generator<[readonly string[], Field]> {
  for (const [name, field] of Object.entries(fields)) {
    const here = [...path, name];
    yield [here, field];
    if (field.kind === 'record') yield* everyField(field.fields, here);
    if (field.kind === 'map')
      yield* everyField(field.fields, [...here, field.names === 'service' ? 'fwmark:1' : '10.0.0.1:80']);
  }
}

function changed(document: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const object = { ...(document as Record<string, unknown>) };
  if (rest.length > 0) return { ...object, [name]: changed(object[name] ?? {}, rest, value) };
  return { ...object, [name]: value };
}

function valueIn(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (object, name) => (object as Record<string, unknown> | undefined)?.[name],
    document,
  );
}

const ODD = [
  null,
  '',
  'x',
  'a b',
  'é',
  '\0',
  'x'.repeat(15),
  'x'.repeat(16),
  'x'.repeat(17),
  true,
  false,
  0,
  1,
  -1,
  0.5,
  1e300,
  [],
  ['x'],
  [[]],
  {},
  { x: 1 },
];

function valuesFor(field: Field): unknown[] {
  if (field.kind === 'integer') {
    const { minimum, maximum } = field;
    return [...ODD, minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1, String(minimum)];
  }
  if (field.kind === 'choice') return [...ODD, ...field.choices];
  if (field.kind === 'choices')
    return [...ODD, ...field.choices.map((each) => [each]), ['sh-port', 'sh-port'], 'sh-port'];
  if (field.kind === 'netmask')
    return [
      ...ODD,
      32,
      33,
      128,
      129,
      '255.255.255.0',
      '1.2.3.4',
      '255.255.255',
      '256.0.0.0',
      '01.0.0.0',
      '::',
    ];
  if (field.kind === 'group')
    return [
      ...ODD,
      '224.0.0.1',
      '239.255.255.255',
      '240.0.0.1',
      '223.0.0.1',
      'ff02::1',
      'FF00::',
      'fe80::1',
      'ff::1',
    ];
  return ODD;
}

/** What depends on other fields, and so is in no schema: a prefix length of IPv6, a flag of another scheduler. */
function concernsSeveral(path: readonly string[], value: unknown): boolean {
  if (path.at(-1) === 'netmask') return typeof value === 'number' && value > 32;
  return path.at(-1) === 'flags' && String(value).startsWith('mh-');
}

describe('the schema of documents', () => {
  it('matches the table of fields (npm run schema -w @ipvs-ts/ipvs)', () => {
    expect(published).to.deep.equal(JSON.parse(JSON.stringify(documentSchema())));
  });

  it('accepts the document that the tests change', () => {
    expect(validate(ROOM), JSON.stringify(validate.errors)).to.equal(true);
    expect(stateProblems(ROOM as DesiredState)).to.deep.equal([]);
  });

  for (const [path, field] of everyField(DOCUMENT_FIELDS))
    it(`and the validation agree on ${path.join('.')}`, () => {
      let taken = 0;
      for (const value of [...valuesFor(field), valueIn(ROOM, path)]) {
        const document = changed(ROOM, path, value);
        if (value === undefined) continue;
        const valid = validationTakes(document);
        if (valid) taken += 1;
        if (valid || !concernsSeveral(path, value))
          expect(
            schemaTakes(document),
            `${JSON.stringify(value)}: ${JSON.stringify(stateProblems(document as DesiredState))}`,
          ).to.equal(valid);
      }
      expect(taken).to.be.above(0);
    });

  it('and the validation agree on tunnels', () => {
    for (const type of [undefined, 'ipip', 'gue', 'gre'])
      for (const port of [undefined, 0, 1, 65_535])
        for (const checksum of [undefined, 'none', 'csum', 'remcsum'])
          for (const forwarding of [undefined, 'tunnel', 'masq']) {
            const tunnel = {
              ...(type && { type }),
              ...(port !== undefined && { port }),
              ...(checksum && { checksum }),
            };
            const destinations = { '10.0.0.1:80': { ...(forwarding && { forwarding }), tunnel } };
            const document = { services: { 'fwmark:1': { destinations } } };
            expect(schemaTakes(document), JSON.stringify(document)).to.equal(validationTakes(document));
          }
  });

  it('and the validation agree on names', () => {
    const names = [
      ...[
        'tcp:192.0.2.1:80',
        'udp:0.0.0.0:1',
        'sctp:255.255.255.255:65535',
        'tcp:192.0.2.1:00080',
        'tcp:192.0.2.1:65536',
      ],
      ...[
        'tcp:192.0.2.1:000080',
        'tcp:192.0.2.1',
        'tcp:192.0.2.01:80',
        'tcp:256.0.0.1:80',
        'tcp:192.0.2:80',
        'TCP:192.0.2.1:80',
      ],
      ...[
        'tcp:[2001:db8::1]:80',
        'tcp:2001:db8::1:80',
        'tcp:[192.0.2.1]:80',
        'tcp:[::]:99999',
        'icmp:192.0.2.1:80',
        'protocol-41:192.0.2.1:80',
      ],
      ...[
        'fwmark:1',
        'fwmark:0',
        'fwmark:00',
        'fwmark:4294967295',
        'fwmark:4294967296',
        'fwmark6:0000000001',
        'fwmark6:00000000001',
        'fwmark:-1',
      ],
      ...['', ' tcp:192.0.2.1:80', 'tcp:192.0.2.1:80 ', 'tcp:192.0.2.1:80\n', 'toString', '__proto__'],
    ];
    for (const name of names) {
      const document = { services: Object.fromEntries([[name, {}]]) };
      // Only the validation checks what is in brackets.
      if (name !== 'tcp:[192.0.2.1]:80')
        expect(schemaTakes(document), name).to.equal(validationTakes(document));
      const destinations = Object.fromEntries([
        [name.slice(name.indexOf(':') + 1), { forwarding: 'tunnel' }],
      ]);
      const below = { services: { 'fwmark:1': { destinations } } };
      if (!/\[192|^udp:0|255\.255/.test(name))
        expect(schemaTakes(below), name).to.equal(validationTakes(below));
    }
  });

  it('accepts whatever the validation accepts', () => {
    fc.assert(
      fc.property(states, (state) => {
        if (validationTakes(state)) expect(validate(state), JSON.stringify(validate.errors)).to.equal(true);
      }),
    );
  });
});
