import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { Lab, type Need, type Scenario } from './lab.js';
import { ownKernel } from './modules.js';
import { tryProgram } from './run-program.js';

/** How scenarios are run. */
export interface RunOptions {
  /** Names of those to run, or the beginning of names; all if there are none. */
  readonly only: readonly string[];
  readonly quick: boolean;
  /** How many run side by side: most of their time is waiting. */
  readonly jobs: number;
}

/** How a scenario ended. `lacking`: this kernel does not have what it needs. */
interface Ended {
  readonly name: string;
  readonly state: 'passed' | 'FAILED' | 'lacking';
  readonly checks: number;
  readonly seconds: number;
}

/** Runs scenarios, prints the report of each when it is over, then a summary. Returns the exit status. */
export async function runScenarios(scenarios: readonly Scenario[], options: RunOptions): Promise<number> {
  const wanted = scenarios.filter(
    ({ name, quick }) =>
      (!options.quick || quick === true) &&
      (options.only.length === 0 || options.only.some((only) => name.startsWith(only))),
  );
  const able = await abilities();
  const queue = [...wanted.entries()];
  const ended: Ended[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      ended.push(await runOne(next[1], `s${String(next[0])}-`, able));
    }
  };
  const alone = queue.filter(([, scenario]) => scenario.alone === true);
  queue.splice(0, queue.length, ...queue.filter(([, scenario]) => scenario.alone !== true));
  await Promise.all(Array.from({ length: options.jobs }, worker));
  queue.push(...alone);
  await worker();
  return summary(ended);
}

async function runOne(
  scenario: Scenario,
  prefix: string,
  able: ReadonlySet<Scenario['needs']>,
): Promise<Ended> {
  const { name, title, needs } = scenario;
  if (needs !== undefined && !able.has(needs)) {
    print(`\n== ${name}: CANNOT RUN: ${LACKS[needs]}\n`);
    return { name, state: 'lacking', checks: 0, seconds: 0 };
  }
  const start = performance.now();
  const lab = new Lab(prefix);
  try {
    await scenario.run(lab);
  } catch (error) {
    lab.report.check('it runs to its end', false, error);
  }
  try {
    await lab.cleanup.run();
  } catch (error) {
    lab.report.check('everything is removed at the end', false, error);
  }
  const { passed, failed } = lab.report;
  const seconds = (performance.now() - start) / 1000;
  const state = failed === 0 && passed > 0 ? 'passed' : 'FAILED';
  print(`\n== ${name}: ${title}\n${lab.text}   ${state} in ${seconds.toFixed(1)} s\n`);
  return { name, state, checks: passed, seconds };
}

function summary(ended: readonly Ended[]): number {
  const count = (state: Ended['state']): number => ended.filter((each) => each.state === state).length;
  const checks = ended.reduce((sum, each) => sum + each.checks, 0);
  for (const { name, state } of ended) if (state !== 'passed') print(`${state}: ${name}\n`);
  print(
    `\n${String(count('passed'))} scenarios passed (${String(checks)} checks), ${String(count('FAILED'))} failed, ${String(count('lacking'))} could not run on this kernel\n`,
  );
  return count('FAILED') === 0 && count('passed') > 0 ? 0 : 1;
}

/** Which of the features that scenarios need this kernel has. */
async function abilities(): Promise<ReadonlySet<Scenario['needs']>> {
  const found = new Set<Scenario['needs']>([undefined]);
  for (const [need, table] of [
    ['iptables', 'mangle'],
    ['nat-table', 'nat'],
  ] as const) {
    // `-S` succeeds on a kernel that cannot make the table; adding a chain does not.
    const { status } = await tryProgram(['iptables', '-t', table, '-N', 'probe']);
    if (status === 0) found.add(need);
    if (status === 0) await tryProgram(['iptables', '-t', table, '-X', 'probe']);
  }
  const nft =
    'add table inet probe; add chain inet probe in { type filter hook input priority 0; }; delete table inet probe';
  const { status } = await tryProgram(['nft', nft]).catch(() => ({ status: -1 }));
  if (status === 0) found.add('nft');
  const { status: sets } = await tryProgram(['ipset', 'create', 'probe', 'hash:ip,port']).catch(() => ({
    status: -1,
  }));
  if (sets === 0) await tryProgram(['ipset', 'destroy', 'probe']);
  if (sets === 0 && found.has('iptables')) found.add('ipset');
  const { status: arp } = await tryProgram(['arptables-legacy', '-L', '-n']).catch(() => ({ status: -1 }));
  if (arp === 0) found.add('arptables');
  if (ownKernel()) found.add('own-kernel');
  if (existsSync('/proc/sys/net/ipv6/conf/all/force_forwarding')) found.add('force-forwarding');
  const [major = 0, minor = 0] = release().split('.').map(Number);
  if (major > 5 || (major === 5 && minor >= 17)) found.add('run-estimation');
  if (found.has('iptables') && major > 5) found.add('tunnel-errors');
  const { status: unshared } = await tryProgram(['unshare', '--user', '--map-root-user', 'true']);
  if (unshared === 0) found.add('user-namespace');
  return found;
}

const LACKS = {
  ipset: 'this kernel has no sets of ipset (or ipset is not installed); use --engine qemu',
  arptables:
    'this kernel has no legacy tables of rules for ARP (or arptables is not installed); use --kernel 6.1',
  nft: 'this kernel has no rules of nft (or nft is not installed); use --engine qemu',
  iptables: 'this kernel has no tables of IPv4 rules (iptables); use --kernel 6.1 or --engine qemu',
  'nat-table':
    'this kernel has no table for IPv4 address translation (iptables -t nat); use --kernel 6.1 or --engine qemu',
  'own-kernel':
    'the kernel is the machine’s own, whose modules are not to be unloaded; use --engine uml or qemu',
  'user-namespace': 'this kernel, or its settings, let nobody make user namespaces',
  'tunnel-errors':
    'this kernel has no iptables, or is Linux 5.10, which sends what is too long for a tunnel in fragments; use --kernel 6.1',
  'run-estimation': 'run_estimation is of Linux 5.17; use --kernel 6.1',
  'force-forwarding': 'IPv6 forwarding of a single interface is of Linux 6.17; use --kernel 7.2',
} as const satisfies Record<Need, string>;

function print(text: string): void {
  process.stdout.write(text);
}
