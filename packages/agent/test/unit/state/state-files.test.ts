import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { StateFiles } from '../../../dist/state/state-files.js';

const HALF_AN_HOUR = 1_800_000;

describe('the files of an agent', () => {
  let folder: string;
  /** When the host started, in milliseconds since 1970, as its clock says now. */
  let started: number;
  const files = (): StateFiles =>
    new StateFiles(join(folder, 'run'), join(folder, 'state'), () => '4026531840', {
      now: () => 1_000_000,
      wall: (at) => started + at,
    });
  const entry = {
    service: 'tcp:192.0.2.10:80',
    destination: '10.0.0.1:80',
    since: 1_000_000,
    until: 1_000_000 + HALF_AN_HOUR,
    why: 'disk',
    by: undefined,
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-state-'));
    started = Date.parse('2026-01-31T09:00:00Z');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('keep the end of a maintenance when the clock jumps', () => {
    files().saveMaintenance([entry]);
    started += 5 * 24 * 3_600_000;
    expect(files().loadMaintenance()).to.deep.equal([entry]);
  });

  it('use the clock after a reboot', () => {
    files().saveMaintenance([entry]);
    const path = join(folder, 'state', 'maintenance.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"boot": "[^"]*"/, '"boot": "another"'));
    started += 60_000;
    const [loaded] = files().loadMaintenance();
    expect(loaded?.until).to.equal(entry.until - 60_000);
  });

  it('read what was written without the uptime', () => {
    const saved = { service: entry.service, destination: entry.destination, since: '2026-01-31T09:10:00Z' };
    files().saveMaintenance([]);
    writeFileSync(join(folder, 'state', 'maintenance.json'), JSON.stringify([saved]));
    expect(files().loadMaintenance()[0]?.since).to.equal(600_000);
  });

  it('keep space for a full disk, more as the state grows', () => {
    const state = files();
    const saved = { version: 1 as const, revision: 'one', ledger: {}, services: {} };
    state.saveState(saved);
    expect(statSync(join(folder, 'run', 'reserve')).size).to.equal(65_536);
    state.saveState({ ...saved, revision: 'x'.repeat(100_000) });
    expect(statSync(join(folder, 'run', 'reserve')).size).to.be.greaterThan(200_000);
    expect(state.warning).to.equal(undefined);
  });
});
