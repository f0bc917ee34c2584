import { Lab, type Scenario } from './lab.js';
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

/** Runs scenarios and prints what each said when it is over, then how all of them went. Gives the exit status. */
export async function runScenarios(scenarios: readonly Scenario[], options: RunOptions): Promise<number> {
  const wanted = scenarios.filter(
    ({ name, quick }) =>
      (!options.quick || quick === true) &&
      (options.only.length === 0 || options.only.some((only) => name.startsWith(only))),
  );
  const natTable = await hasNatTable();
  const queue = [...wanted.entries()];
  const ended: Ended[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      ended.push(await runOne(next[1], `s${String(next[0])}-`, natTable));
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return summary(ended);
}

async function runOne(scenario: Scenario, prefix: string, natTable: boolean): Promise<Ended> {
  const { name, title, needs } = scenario;
  if (needs === 'nat-table' && !natTable) {
    print(`\n== ${name}: CANNOT RUN: this kernel has no NAT table (iptables -t nat); use --engine qemu\n`);
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

/** Whether IPv4 addresses can be translated by rules. */
async function hasNatTable(): Promise<boolean> {
  const { status } = await tryProgram(['iptables', '-t', 'nat', '-S']);
  return status === 0;
}

function print(text: string): void {
  process.stdout.write(text);
}
