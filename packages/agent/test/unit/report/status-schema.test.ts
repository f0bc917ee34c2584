import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Ajv from 'ajv';
import { expect } from 'chai';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { type CheckResult, failed, passed, runAgent, type Status } from '@ipvs-ts/agent';
import { statusSchema } from '../../../dist/report/status-schema.js';

const WEB = 'tcp:192.0.2.10:80';

const SHIPPED = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@ipvs-ts/agent/status.schema.json')), 'utf8'),
) as object;

describe('the schema of the status', function () {
  this.timeout(60_000);
  const validate = new Ajv({ allErrors: true }).compile(SHIPPED);
  const isGood = (status: unknown): void => {
    // As it is read by programs: from JSON.
    expect(validate(JSON.parse(JSON.stringify(status))), JSON.stringify(validate.errors)).to.equal(true);
  };

  it('is the one that is shipped (npm run schema -w @ipvs-ts/agent)', () => {
    expect(SHIPPED).to.deep.equal(JSON.parse(JSON.stringify(statusSchema())));
  });

  it('describes an agent in every state: before and after its start, with mistakes, waiting, in doubt', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-schema-'));
    const file = join(folder, 'director.json');
    const kernel = new IpvsKernel();
    let dead = false;
    const agent = await runAgent({
      file,
      runtimeDirectory: join(folder, 'run'),
      stateDirectory: join(folder, 'state'),
      checkTypes: {
        mine: {
          about: 'The test decides.',
          fields: {},
          needsPort: false,
          run: async (): Promise<CheckResult> => (dead ? failed('dead') : passed('alive')),
        },
      },
      open: () => Ipvs.open({ transport: doubleTransport(kernel), proc: '/nonexistent' }),
    });
    const until = async (what: string, condition: (status: Status) => boolean): Promise<void> => {
      for (let tries = 0; tries < 3000; tries++) {
        const status = agent.status();
        isGood(status);
        if (condition(status)) return;
        await sleep(10);
      }
      throw new Error(`it did not happen: ${what}`);
    };
    const check = { mine: {}, interval: '100ms', failingInterval: '100ms', timeout: '1s', fall: 1 };
    const destinations = { '10.0.0.1:80': {}, '10.0.0.2:80': {}, '10.0.0.3:80': {}, '10.0.0.4:80': {} };
    const write = (services: object): void => writeFileSync(file, JSON.stringify({ services }));
    try {
      await until('there is no document', ({ document }) => document.problems.length === 1);
      write({ [WEB]: { check, destinations, health: { floor: '10%' } } });
      await until('it is up', ({ services: [web] }) => web?.capacity === 1);
      await agent.startMaintenance({ service: WEB, destination: '10.0.0.2:80' });
      dead = true;
      await until('all are down', ({ services: [web] }) => web?.guard === 'all down');
      write({ [WEB]: { check: 7, destinations } });
      await until('it has a mistake', ({ document }) => !document.valid);
      write({ [WEB]: { check, destinations: { '10.0.0.1:80': {} } } });
      await until('it waits', ({ document }) => document.pending !== null);
    } finally {
      await agent.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('refuses what is none', () => {
    const status = {
      version: 1,
      id: 'lb1',
      namespace: '4026531840',
      observes: false,
      fit: true,
      doubt: null,
      document: { valid: true, problems: [], revision: 'x', pending: null, loadedAt: null },
      store: null,
      warnings: [],
      services: [],
    };
    isGood(status);
    for (const wrong of [
      { ...status, version: 2 },
      { ...status, more: 1 },
      { ...status, fit: undefined },
      { ...status, document: { ...status.document, loadedAt: 'yesterday' } },
      { ...status, services: [{ service: WEB, capacity: -1, guard: null, destinations: [] }] },
    ])
      expect(validate(JSON.parse(JSON.stringify(wrong))), JSON.stringify(wrong)).to.equal(false);
  });
});
