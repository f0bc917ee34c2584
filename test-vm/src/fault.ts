import { diagnose, type Diagnosis, type Finding } from '@ipvs-ts/director';
import { type Bench, makeBench, type Mode } from './bench.js';
import type { Lab, Scenario } from './lab.js';
import { runProgram } from './run-program.js';

/** How often the client asks after the fix, before it counts as not served. */
const MOST_ATTEMPTS = 8;

/** How requests of a client end: all are answered, all fail in one way, or some of them fail. */
export type Sight = 'answers' | 'timeout' | 'refused' | 'unreachable' | 'some fail';

/** One thing that is broken on a healthy cluster. */
export interface Fault {
  /** Id of the check that has to find it. */
  readonly check: string;
  readonly name: string;
  readonly mode?: Mode;
  /**
   * Arguments of `ipvs-ts doctor`, which is run in the namespace of the director; without them `diagnose` is called.
   */
  readonly words?: readonly string[];
  /** Words before that command while it is broken, to run it as another user. */
  readonly as?: readonly string[];
  readonly quick?: boolean;
  readonly needs?: Scenario['needs'];
  /** Whether it affects all namespaces: then the commands are run outside of them, and nothing else runs meanwhile. */
  readonly shared?: boolean;
  /** Whether clients are served just before the fault is made. */
  readonly worked?: boolean;
  /** Makes the fault. */
  readonly cause: (bench: Bench) => unknown;
  /** What a client sees. */
  readonly sees: Sight | readonly Sight[];
  /** Makes the requests, where not four by `client`. Returns the answers, `(no page: …)` for failures. */
  readonly ask?: (bench: Bench) => Promise<string[]>;
  /** What the finding has to say: the rule that it names, or that it is not certain. */
  readonly says?: RegExp;
  /** Another sign of the fault, checked while it is there. */
  readonly shows?: (bench: Bench) => unknown;
  /** What a person has to do before the printed commands. */
  readonly before?: (bench: Bench) => unknown;
  /** What a person has to do in addition to the printed commands, or instead of them. */
  readonly person?: (bench: Bench) => unknown;
}

/** A scenario that makes one fault, checks that it is found, and fixes it by the printed commands. */
export function faultScenario(fault: Fault): Scenario {
  return {
    name: `fault/${fault.name}`,
    title: `doctor finds ${fault.check}`,
    quick: fault.quick ?? false,
    alone: fault.shared ?? false,
    needs: fault.needs,
    run: (lab) => run(lab, fault),
  };
}

async function run(lab: Lab, fault: Fault): Promise<void> {
  const { report } = lab;
  const bench = await makeBench(lab, fault.mode ?? 'nat');
  const ask = fault.ask ?? askFour;
  if (fault.worked === true) report.equal('clients are served', sight(await ask(bench)), 'answers');
  await fault.cause(bench);
  const broken = await ask(bench);
  const expected: readonly string[] = [fault.sees].flat();
  report.check(`the client sees: ${expected.join(' or ')}`, expected.includes(sight(broken)), broken);
  await fault.shows?.(bench);
  const diagnosis = await look(bench, fault, fault.as);
  const { findings } = diagnosis;
  report.check(`doctor names ${fault.check}, and nothing else`, onlyNames(findings, fault.check), diagnosis);
  for (const { found } of findings) report.say(`found: ${found}`);
  const { says } = fault;
  if (says !== undefined)
    report.check(
      `it says ${String(says)}`,
      findings.every(({ found }) => says.test(found)),
      findings,
    );
  const commands = [
    ...new Set(
      findings.flatMap((finding) =>
        hostsOf(finding).flatMap((host) => finding.fix.map((command) => `${host} ${command}`)),
      ),
    ),
  ];
  await fault.before?.(bench);
  for (const each of commands) await apply(bench, each, fault.shared === true);
  await fault.person?.(bench);
  // The kernel may still remember that a neighbour did not answer, and on a busy machine a request may take its whole limit.
  let fixed = await ask(bench);
  for (let attempts = 1; sight(fixed) !== 'answers' && attempts < MOST_ATTEMPTS; attempts++)
    fixed = await ask(bench);
  report.check('after what doctor prints, the client is served', sight(fixed) === 'answers', fixed);
  const after = await look(bench, fault);
  report.equal('and doctor finds nothing', after.findings, []);
}

async function look(
  bench: Bench,
  { words }: Fault,
  as: readonly string[] = [],
): Promise<Pick<Diagnosis, 'findings'>> {
  if (words === undefined) return diagnose(bench.ipvs, { netns: bench.director.path });
  const { stdout, stderr } = await bench.director.try([...as, 'ipvs-ts', 'doctor', '--json', ...words]);
  if (stdout === '') throw new Error(`ipvs-ts doctor: ${stderr}`);
  return JSON.parse(stdout) as Diagnosis;
}

async function apply(bench: Bench, hostAndCommand: string, shared: boolean): Promise<void> {
  const [host = '', ...words] = hostAndCommand.split(' ');
  bench.lab.report.say(`${host}# ${words.join(' ')}`);
  if (shared) await runProgram(['sh', '-ec', words.join(' ')]);
  else await bench[host as 'one'].sh(words.join(' '));
}

/** The hosts that commands are for: the director, or the servers that the finding names. */
function hostsOf({ on, destinations }: Finding): string[] {
  if (on === 'director') return ['director'];
  if (destinations.length === 0) return ['two'];
  return [...new Set(destinations.map((each) => (/11\]?:/.test(each) ? 'one' : 'two')))];
}

function onlyNames(findings: readonly Finding[], check: string): boolean {
  return findings.length > 0 && findings.every(({ id }) => id === check);
}

function sight(answers: readonly string[]): string {
  const failures = answers.filter((answer) => answer.startsWith('(no page'));
  if (failures.length === 0) return 'answers';
  if (failures.length < answers.length) return 'some fail';
  return [...new Set(failures)].join().replace(/^\(no page: (.*)\)$/, '$1');
}

/** Four requests at once: two for each server. */
export async function askFour({ lab, client, url }: Bench): Promise<string[]> {
  const answers = await Promise.all([1, 2, 3, 4].map(() => lab.ask(client, url, 1)));
  return answers.flat();
}
