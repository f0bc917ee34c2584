import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Ajv from 'ajv';
import { expect } from 'chai';
import type { Status } from '@ipvs-ts/agent';
import { statusSchema } from '../../../dist/report/status-schema.js';
import { MINE, TestAgent, WEB } from '../test-agent.js';

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
    const test = new TestAgent();
    const agent = await test.start();
    const until = async (what: string, condition: (status: Status) => boolean): Promise<void> => {
      for (let tries = 0; tries < 3000; tries++) {
        const status = agent.status();
        isGood(status);
        if (condition(status)) return;
        await sleep(10);
      }
      throw new Error(`it did not happen: ${what}`);
    };
    const check = { ...MINE, fall: 1 };
    const destinations = { '10.0.0.1:80': {}, '10.0.0.2:80': {}, '10.0.0.3:80': {}, '10.0.0.4:80': {} };
    const write = (services: object): void => test.write({ services });
    try {
      await until('there is no document', ({ document }) => document.problems.length === 1);
      write({ [WEB]: { check, destinations, health: { floor: '10%' } } });
      await until('it is up', ({ services: [web] }) => web?.capacity === 1);
      await agent.startMaintenance({ service: WEB, destination: '10.0.0.2:80' });
      for (const name of Object.keys(destinations)) test.dead.add(name.replace(':80', ''));
      await until('all are down', ({ services: [web] }) => web?.guard === 'all down');
      write({ [WEB]: { check: 7, destinations } });
      await until('it has a mistake', ({ document }) => !document.valid);
      write({ [WEB]: { check, destinations: { '10.0.0.1:80': {} } } });
      await until('it waits', ({ document }) => document.pending !== null);
    } finally {
      await test.remove();
    }
  });

  it('refuses an invalid status', () => {
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
