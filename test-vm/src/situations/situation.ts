import { diagnose, type Finding } from '@ipvs-ts/director';
import { type Bench, makeBench, type Mode } from '../bench.js';
import { askFour } from '../fault.js';
import type { Lab, Scenario } from '../lab.js';
import { tryProgram } from '../run-program.js';

/** How often the client asks after the fix, before it counts as not served. */
const MOST_ATTEMPTS = 8;

/** What is set up on the director: lines of shell, or more. */
export type SetUp = readonly string[] | ((bench: Bench) => unknown);

/** Two set-ups that look alike: packets decide that one harms the clients, and that the other does not. */
export interface Situation {
  readonly name: string;
  readonly mode?: Mode;
  readonly needs?: Scenario['needs'];
  /** What both have in common. */
  readonly also?: (bench: Bench) => unknown;
  readonly healthy: SetUp;
  readonly broken?: SetUp;
  /** The check that has to find the broken one. */
  readonly check?: string;
  /** What its finding has to say. */
  readonly says?: RegExp;
  /** Whether only some requests fail. */
  readonly partly?: boolean;
  /** Requests, where not four for the page. */
  readonly ask?: (bench: Bench) => Promise<string[]>;
  /** What a person does in addition to the printed commands, or instead of them. */
  readonly person?: (bench: Bench) => unknown;
  /** A doubt that the doctor may state about the healthy one too. */
  readonly doubt?: boolean;
}

/** Removes all rules of a host. */
const FLUSH = [
  'for tool in iptables ip6tables; do',
  '  list=/proc/net/ip_tables_names; [ $tool = iptables ] || list=/proc/net/ip6_tables_names',
  '  for table in $(cat $list 2>/dev/null); do',
  '    $tool-legacy -t $table -F; $tool-legacy -t $table -X',
  '    for chain in PREROUTING INPUT FORWARD OUTPUT POSTROUTING; do $tool-legacy -t $table -P $chain ACCEPT 2>/dev/null || true; done',
  '  done',
  'done',
  'if grep -qs . /proc/net/arp_tables_names; then',
  '  arptables-legacy -F; arptables-legacy -X; arptables-legacy -P INPUT ACCEPT; arptables-legacy -P OUTPUT ACCEPT',
  'fi',
  'nft flush ruleset 2>/dev/null || true',
  'ipset destroy 2>/dev/null || true',
  'conntrack -F 2>/dev/null || true',
];

/** A scenario of a situation: the healthy set-up first, then the broken one, and what the doctor prints against it. */
export function situationScenario(situation: Situation): Scenario {
  const { name, needs = 'iptables' } = situation;
  return {
    name: `situation/${name}`,
    title: 'packets decide, and doctor agrees',
    needs,
    run: (lab) => run(lab, situation),
  };
}

async function run(lab: Lab, situation: Situation): Promise<void> {
  const { mode = 'nat', also, healthy, broken, ask = askFour } = situation;
  const { report } = lab;
  const bench = await makeBench(lab, mode);
  await also?.(bench);
  await setUp(bench, healthy);
  const well = await ask(bench);
  report.check('healthy: clients are served', well.length > 0 && well.every(isPage), well);
  const silent = (await look(bench)).filter(({ perhaps }) => !(perhaps && situation.doubt === true));
  report.equal('healthy: doctor finds nothing', silent, []);
  if (broken === undefined) return;
  await bench.director.sh(...FLUSH);
  await setUp(bench, broken);
  const ill = await ask(bench);
  const served = ill.filter(isPage).length;
  report.check(
    'broken: clients are not served',
    situation.partly === true ? served < ill.length : served === 0,
    ill,
  );
  const findings = await look(bench);
  for (const { id, found, perhaps } of findings)
    report.say(`found ${id}${perhaps ? ' (perhaps)' : ''}: ${found}`);
  const named = findings.length > 0 && findings.every(({ id }) => id === situation.check);
  report.check(`broken: doctor names ${String(situation.check)}, and nothing else`, named, findings);
  const { says } = situation;
  if (says !== undefined)
    report.check(
      `it says ${String(says)}`,
      findings.every(({ found }) => says.test(found)),
      findings,
    );
  await fix(bench, findings);
  await situation.person?.(bench);
  let fixed = await ask(bench);
  for (let attempts = 1; !fixed.every(isPage) && attempts < MOST_ATTEMPTS; attempts++)
    fixed = await ask(bench);
  report.check('after what doctor prints, the client is served', fixed.every(isPage), fixed);
  report.equal('and doctor finds nothing', await look(bench), []);
}

async function setUp(bench: Bench, what: SetUp): Promise<void> {
  if (typeof what === 'function') await what(bench);
  else await bench.director.sh(...what);
}

async function look({ ipvs, director }: Bench): Promise<readonly Finding[]> {
  return (await diagnose(ipvs, { netns: director.path })).findings;
}

async function fix(bench: Bench, findings: readonly Finding[]): Promise<void> {
  const commands = new Set(findings.flatMap((each) => (each.on === 'director' ? each.fix : [])));
  for (const each of commands) {
    bench.lab.report.say(`director# ${each}`);
    const { status, stderr } = await tryProgram([
      'ip',
      'netns',
      'exec',
      bench.director.name,
      'sh',
      '-ec',
      each,
    ]);
    bench.lab.report.check('the command succeeds', status === 0, stderr);
  }
}

function isPage(answer: string): boolean {
  return !answer.startsWith('(no page');
}
