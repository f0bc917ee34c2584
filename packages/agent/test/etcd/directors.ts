import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { Fleet } from '@ipvs-ts/agent';
import {
  type Agent,
  CHECK_TYPES,
  type CheckResult,
  type EtcdSettings,
  failed,
  passed,
  runAgent,
} from '@ipvs-ts/agent';

export const WEB = 'tcp:192.0.2.10:80';
export const PREFIX = '/ipvs-ts/edge/';

/** A check that the test decides. */
const MINE = { about: 'The test decides.', fields: {}, needsPort: false } as const;
export const TYPES = { ...CHECK_TYPES, mine: MINE };

/** The name of a destination by its number. */
export const server = (number: number): string => `10.0.0.${number}:80`;

/** A document with some destinations. */
export function document(numbers: readonly number[], rest: object = {}): string {
  const check = { mine: {}, interval: '100ms', failingInterval: '100ms', timeout: '1s', fall: 2, rise: 1 };
  const destinations = Object.fromEntries(
    numbers.map((each) => [server(each), { forwarding: 'masq', weight: 100 }]),
  );
  return JSON.stringify({ services: { [WEB]: { scheduler: 'mh', check, destinations } }, ...rest });
}

/** Settings of the store. */
export function settings(endpoints: readonly string[], rest: Partial<EtcdSettings> = {}): EtcdSettings {
  const none = {
    user: undefined,
    passwordFile: undefined,
    ca: undefined,
    certificate: undefined,
    key: undefined,
  };
  return { endpoints, prefix: PREFIX, ...none, ...rest };
}

/** Directors of a fleet, each with a kernel in memory. */
export class Directors {
  readonly folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-fleet-'));
  readonly dead = new Set<string>();
  /** What only one director sees, by its id. */
  readonly deadFor = new Map<string, Set<string>>();
  readonly kernels = new Map<string, IpvsKernel>();
  readonly running = new Map<string, Agent>();

  /** Starts a director; again after {@link stop} with the table that it had. */
  async start(id: string, etcd: EtcdSettings): Promise<Agent> {
    const folder = join(this.folder, id);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'director.yaml');
    writeFileSync(`${file}.new`, JSON.stringify({ agent: { id, source: { etcd } } }));
    renameSync(`${file}.new`, file);
    const kernel = this.kernels.get(id) ?? new IpvsKernel();
    this.kernels.set(id, kernel);
    const run = async ({ address }: { readonly address: string }): Promise<CheckResult> =>
      this.dead.has(address) || this.deadFor.get(id)?.has(address) === true
        ? failed('dead')
        : passed('alive');
    const agent = await runAgent({
      file,
      runtimeDirectory: join(folder, 'run'),
      stateDirectory: join(folder, 'state'),
      checkTypes: { mine: { ...MINE, run } },
      open: () => Ipvs.open({ transport: doubleTransport(kernel), proc: '/nonexistent' }),
    });
    this.running.set(id, agent);
    return agent;
  }

  async stop(id: string): Promise<void> {
    await this.running.get(id)?.close();
    this.running.delete(id);
  }

  /** The weights of a director's table. */
  async weights(id: string): Promise<Record<string, number>> {
    const transport = doubleTransport(this.kernels.get(id) as IpvsKernel);
    await using ipvs = await Ipvs.open({ transport, proc: '/nonexistent' });
    const [entry] = await ipvs.table();
    return Object.fromEntries(
      (entry?.destinations ?? []).map(({ key, weight }) => [key, weight] as const).sort(),
    );
  }

  /** Waits until a director's table is as wanted. */
  async table(id: string, wanted: Readonly<Record<number, number>>): Promise<void> {
    const expected = JSON.stringify(
      Object.fromEntries(
        Object.entries(wanted)
          .map(([number, weight]) => [server(Number(number)), weight] as const)
          .sort(),
      ),
    );
    let found = '';
    await until(
      () =>
        `the table of ${id} is ${found}, not ${expected}: ${JSON.stringify(this.running.get(id)?.events().slice(-5))}`,
      async () => (found = JSON.stringify(await this.weights(id))) === expected,
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.running.values()].map((agent) => agent.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits for an expected condition; the limit is on silence. */
export async function until(what: () => string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(what());
    await sleep(20);
  }
}

/** Puts a document as an operator does. */
export async function put(
  fleet: Fleet,
  text: string,
  options: Partial<Parameters<Fleet['put']>[1]> = {},
): Promise<string> {
  const rollout = await fleet.put(text, {
    file: 'director.yaml',
    by: 'ada',
    at: new Date().toISOString(),
    ...options,
  });
  return rollout.candidate ?? rollout.current;
}
