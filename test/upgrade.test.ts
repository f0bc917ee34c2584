/** What earlier versions wrote and answered (test/upgrade/VERSION): this version reads it, and answers no less. */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Agent, CHECK_TYPES, readDeclaredText, readSavedState, type Status } from '@ipvs-ts/agent';
import { exportState, type Ipvs } from '@ipvs-ts/ipvs';
import { CHECKOUT } from './source-files.js';
import { DOWN, MAINTAINED, QUESTIONS, Sample, SERVICE, UP } from './upgrade/sample.js';

const ROOT = join(CHECKOUT, 'test/upgrade');
const VERSIONS = readdirSync(ROOT).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

/** What `now` lacks of `then`: paths of fields that are missing or of another type; with `values`, of other values too. */
function missing(then: unknown, now: unknown, values: boolean, path = ''): string[] {
  if (Array.isArray(then)) {
    if (!Array.isArray(now)) return [path];
    // Of items of the same form, the first stands for all.
    if (!values)
      return then.length > 0 && now.length > 0 ? missing(then[0], now[0], values, `${path}[0]`) : [];
    if (now.length !== then.length) return [path];
    return then.flatMap((each, index) => missing(each, now[index] as unknown, values, `${path}[${index}]`));
  }
  if (typeof then === 'object' && then !== null) {
    if (typeof now !== 'object' || now === null) return [path];
    return Object.entries(then).flatMap(([key, value]) =>
      missing(value, (now as Record<string, unknown>)[key], values, `${path}.${key}`),
    );
  }
  if (values) return Object.is(then, now) ? [] : [path];
  // null stands for a value that is not there now.
  return then === null || now === null
    ? now === undefined
      ? [path]
      : []
    : typeof then === typeof now
      ? []
      : [path];
}

const read = (version: string, file: string): string => readFileSync(join(ROOT, version, file), 'utf8');
const parsed = (version: string, file: string): unknown => JSON.parse(read(version, file));

it('there is a record of an earlier version, or of this one', () => {
  expect(VERSIONS).not.to.deep.equal([]);
});

for (const version of VERSIONS)
  describe(`after ${version}`, function () {
    this.timeout(60_000);

    it('its documents are valid, and mean the same', async () => {
      const { declared, problems } = await readDeclaredText(
        read(version, 'document.yaml'),
        'd.yaml',
        'r1',
        CHECK_TYPES,
      );
      expect(problems).to.deep.equal([]);
      const now: unknown = JSON.parse(JSON.stringify(declared));
      expect(missing(parsed(version, 'document.read.json'), now, true)).to.deep.equal([]);
    });

    it('its saved state is accepted', () => {
      const { state } = parsed(version, 'runtime/agent.json') as { state: unknown };
      expect(missing(state, readSavedState(JSON.stringify(state)), true)).to.deep.equal([]);
    });

    describe('an agent', () => {
      let folder: string;
      let sample: Sample;
      let agent: Agent;
      let ipvs: Ipvs;
      let before: unknown;

      beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-upgrade-'));
        sample = new Sample(folder);
        ipvs = await sample.ipvs();
        await (await ipvs.plan(parsed(version, 'table.json') as Parameters<Ipvs['plan']>[0])).apply();
        before = await exportState(ipvs);
        await writeDirectories();
        agent = await sample.start();
      });

      afterEach(async () => {
        await sample.close();
        await ipvs.close();
        rmSync(folder, { recursive: true });
      });

      /** The directories of the older version, as of this namespace. */
      async function writeDirectories(): Promise<void> {
        // An agent of now says which namespace it is.
        const other = new Sample(join(folder, 'other'));
        await other.start();
        await other.judged();
        await other.close();
        const { namespace } = JSON.parse(readFileSync(join(folder, 'other/runtime/agent.json'), 'utf8')) as {
          namespace: string;
        };
        for (const file of ['runtime/agent.json', 'state/maintenance.json']) {
          mkdirSync(join(folder, file.split('/')[0] ?? ''), { recursive: true });
          const value = JSON.parse(read(version, file).replaceAll('/FOLDER', folder)) as object;
          writeFileSync(
            join(folder, file),
            JSON.stringify('namespace' in value ? { ...value, namespace } : value),
          );
        }
      }

      it('takes over its directories, and leaves the table unchanged', async () => {
        await agent.settled();
        const states = Object.fromEntries(
          (agent.status().services[0]?.destinations ?? []).map(({ destination, state }) => [
            destination,
            state,
          ]),
        );
        expect(states).to.deep.equal({ [UP]: 'up', [DOWN]: 'down', [MAINTAINED]: 'maintenance' });
        expect(await exportState(ipvs)).to.deep.equal(before);
        expect(agent.maintenance()[0]).to.deep.include({
          service: SERVICE,
          destination: MAINTAINED,
          why: 'disk',
          by: 'ops',
        });
      });

      it('answers what its clients expect', async () => {
        await sample.judged();
        for (const [file, path] of Object.entries(QUESTIONS))
          expect(
            missing(parsed(version, join('answers', file)), await sample.ask(path), false),
            path,
          ).to.deep.equal([]);
        expect(((await sample.ask('/status')) as Status).version).to.equal(1);
      });
    });
  });
