import { readFileSync } from 'node:fs';
import { type Bench, makeBench } from '../bench.js';
import { askFour } from '../fault.js';
import { inside } from '../inside.js';
import type { Scenario } from '../lab.js';
import { poll } from '../poll.js';
import type { Outcome } from '../run-program.js';

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all'];
const SERVED = ['one', 'one', 'two', 'two'];
const FORWARD = 'sysctl -w net.ipv4.ip_forward=1';

/** `ipvs-ts doctor` as a user runs it: its output, its changes, and its exit status. */
export const doctorScenarios: readonly Scenario[] = [
  {
    name: 'doctor/fix',
    title: '--fix shows what it will do, does what is safe, and leaves the rest',
    quick: true,
    run: async (lab) => {
      const { report } = lab;
      const bench = await makeBench(lab, 'nat');
      const { director, ipvs } = bench;
      const other = 'tcp:192.0.2.10:81';
      await ipvs.addService(other, { scheduler: 'none' });
      await ipvs.addDestination(other, '10.0.0.11:80', { forwarding: 'masq' });
      await ipvs.setSysctls({ run_estimation: 0 });
      director.sysctl('net.ipv4.ip_forward=0');
      report.equal('the client waits in vain', await failures(bench), ['timeout']);

      const look = await doctor(bench);
      report.equal('without --fix: status 1', look.status, 1);
      report.check(
        'and nothing is run',
        !/^(Running|Not run|Failed)/m.test(look.stdout),
        look.stdout.split('\n'),
      );
      report.equal('and nothing is changed', [forward(bench), await estimation(bench)], ['0', 0]);

      await failures(bench);
      const { status, stdout } = await doctor(bench, '--fix');
      for (const line of stdout.trimEnd().split('\n')) report.say(line);
      const lines = stdout.split('\n').map((line) => line.trim());
      const at = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
      const run = at(/^Running: sysctl -w net\.ipv4\.ip_forward=1$/);
      const shown = at(/^fix +sysctl -w net\.ipv4\.ip_forward=1$/);
      report.check('with it a fix is shown before it is run', shown >= 0 && shown < run, [shown, run]);
      report.check('so is the other', at(/^Running: sysctl -w net\.ipv4\.vs\.run_estimation=1$/) > 0, lines);
      const left = 'ipvs-ts -E -t 192.0.2.10:81 -s wlc';
      report.check('what is not safe is printed', lines.includes(`Not run: ${left}`), lines);
      report.equal(
        'the settings of the kernel are changed',
        [forward(bench), await estimation(bench)],
        ['1', 1],
      );
      report.equal('the service is as it was', (await ipvs.service(other)).scheduler, 'none');
      const after = lines.slice(at(/^After that:$/));
      const named = after.flatMap((line) => /\(([a-z-]+)\)$/.exec(line)?.[1] ?? []);
      const waiting = await halfOpen(bench);
      report.say(
        waiting > 0
          ? `${String(waiting)} connections of before are half-open still`
          : 'so slow is this machine that no half-open connection of before is left: what comes of them is not shown',
      );
      report.equal('and it does not take them for a new fault', named, ['scheduler']);
      report.equal('a problem is left: status 1', status, 1);
      report.equal('the client is served', (await askFour(bench)).sort(), SERVED);

      await director.sh(left);
      // On a slow machine old half-open connections look young for up to a minute: servers answer them late.
      const healthy = await poll(
        () => doctor(bench, '--fix'),
        (ended) => ended.status === 0,
        { limit: 90_000, interval: 5000 },
      );
      report.equal('when a person has done the rest: status 0', healthy.status, 0);
      report.check('and there is nothing to run', !healthy.stdout.includes('Running'), healthy.stdout);
    },
  },
  {
    name: 'doctor/fix-json',
    title: '--fix --json tells the same to programs',
    run: async (lab) => {
      const { report } = lab;
      const bench = await makeBench(lab, 'nat');
      bench.director.sysctl('net.ipv4.ip_forward=0');
      report.equal('the client waits in vain', await failures(bench), ['timeout']);
      const before = await doctorJson(bench);
      report.equal(
        'before: one finding, status 1',
        [before.status, before.findings, before.fixed],
        [1, ['forwarding-ipv4'], []],
      );
      const fixed = await doctorJson(bench, '--fix');
      report.equal(
        'fixed: none is left, status 0',
        [fixed.status, fixed.findings, fixed.fixed, fixed.failed],
        [0, [], ['forwarding-ipv4'], []],
      );
      report.equal('the setting of the kernel is changed', forward(bench), '1');
      report.equal('the client is served', (await askFour(bench)).sort(), SERVED);
    },
  },
  {
    name: 'doctor/fix-without-root',
    title: 'without root doctor looks at what it may, and says what it could not do',
    quick: true,
    run: async (lab) => {
      const { report } = lab;
      const bench = await makeBench(lab, 'nat');
      await bench.ipvs.setSysctls({ am_droprate: 1, drop_packet: 3 });
      report.equal('the client waits in vain', await failures(bench), ['timeout']);
      const { status, stdout } = await bench.director.try([...NOBODY, 'ipvs-ts', 'doctor', '--fix']);
      for (const line of stdout.trimEnd().split('\n')) report.say(line);
      report.check('it says that it is not root', stdout.includes('(capability)'), stdout);
      report.check('it reads settings all the same', stdout.includes('(drop-packet)'), stdout);
      report.check('it says what it could not do', /^Failed: EACCES.*run it as root$/m.test(stdout), stdout);
      report.check('and what it could not see', /^Not seen: services and connections/m.test(stdout), stdout);
      report.equal('status 1', status, 1);
      report.equal('nothing is changed', (await bench.ipvs.sysctls()).drop_packet, 3);
      const root = await doctor(bench, '--fix');
      report.equal('as root: status 0', root.status, 0);
      report.equal('the setting of the kernel is changed', (await bench.ipvs.sysctls()).drop_packet, 0);
      report.equal('the client is served', (await askFour(bench)).sort(), SERVED);
    },
  },
  {
    name: 'doctor/fix-read-only',
    title: '--fix where /proc/sys is read-only, as in containers: it fails, and says so',
    run: async (lab) => {
      const { report } = lab;
      const bench = await makeBench(lab, 'nat');
      // A second service with the same fault: one command fixes both.
      await bench.ipvs.addService('tcp:192.0.2.10:81', { scheduler: 'rr' });
      await bench.ipvs.addDestination('tcp:192.0.2.10:81', '10.0.0.12:80', { forwarding: 'masq' });
      bench.director.sysctl('net.ipv4.ip_forward=0');
      report.equal('the client waits in vain', await failures(bench), ['timeout']);
      const { status, stdout, stderr } = await readOnly(bench, 'ipvs-ts doctor --fix');
      for (const line of stdout.trimEnd().split('\n')) report.say(line);
      report.equal('status 1', status, 1);
      report.equal('nothing on stderr', stderr, '');
      report.equal('it tries once', stdout.split('Running: ').length - 1, 1);
      report.check('it says that it failed, and why', /^Failed: EROFS.*read-only/m.test(stdout), stdout);
      report.equal('nothing is changed', forward(bench), '0');
      const json = JSON.parse((await readOnly(bench, 'ipvs-ts doctor --fix --json')).stdout) as Json;
      report.equal(
        'JSON: it is there still, for both services',
        [ids(json.findings), json.findings[0]?.services.length],
        [['forwarding-ipv4'], 2],
      );
      report.equal('none is fixed', json.fixed, []);
      report.check(
        'both failed',
        json.failed.every(({ reason }) => reason.includes('EROFS')),
        json.failed,
      );
      await bench.director.sh(FORWARD);
      report.equal('after the command the client is served', (await askFour(bench)).sort(), SERVED);
    },
  },
  {
    name: 'doctor/words',
    title: 'what a newcomer types: nothing set up, no such service, words that make no sense',
    run: async (lab) => {
      const { report } = lab;
      const bench = await makeBench(lab, 'nat');
      await bench.ipvs.flush();
      const empty = await doctor(bench);
      report.equal('without services: status 0', empty.status, 0);
      report.check('and it says so', empty.stdout.includes('There are no virtual services'), empty);
      const missing = await doctor(bench, bench.service);
      report.equal('a service that is not there: status 1', missing.status, 1);
      report.check('is named', missing.stdout.includes(`no service ${bench.service}`), missing);
      for (const [word, said] of [
        ['192.0.2.10:80', 'tcp:192.0.2.10:443'],
        ['--client=web', '--client must be an IPv4 or IPv6 address, not "web"'],
        ['--client=fe80::1%eth0', '--client must be'],
        ['--fixx', 'unknown option --fixx'],
        ['--json=1', '--json takes no value'],
      ] as const) {
        const { status, stdout, stderr } = await doctor(bench, word);
        report.equal(`${word}: status 2, and nothing on stdout`, [status, stdout], [2, '']);
        report.check('one says why', stderr.includes(said) && !stderr.includes('    at '), stderr);
      }
    },
  },
  {
    name: 'doctor/no-firewall-tools',
    title: 'where neither iptables nor nft is installed, doctor says that it has not seen the firewall',
    needs: 'iptables',
    run: async (lab) => {
      const { report } = lab;
      const bench = await makeBench(lab, 'nat');
      const bare = await bench.director.sh(WITHOUT_TOOLS);
      report.check('on a healthy director', NOT_SEEN.test(bare) && bare.includes('No problems'), bare);
      await bench.director.sh('iptables -A INPUT -d 192.0.2.10 -p tcp --dport 80 -j DROP');
      report.equal('a rule drops: the client waits in vain', await failures(bench), ['timeout']);
      const blind = await bench.director.sh(WITHOUT_TOOLS);
      report.check('it has not seen the rule, and says so', NOT_SEEN.test(blind), blind);
      const seeing = await doctor(bench);
      report.check('with the tools it does', seeing.stdout.includes('(firewall-input)'), seeing);
    },
  },
];

const NOT_SEEN = /^Not seen: firewall rules: neither iptables-save nor nft lists them/m;

/** Runs with all programs except those of the firewall, through links to the originals. */
const WITHOUT_TOOLS = `exec unshare --mount sh -ec '
mkdir -p /run/all-programs /run/few-programs
mount -t tmpfs tmpfs /run/few-programs
mount --bind /usr/sbin /run/all-programs
for each in /run/all-programs/*; do
  case $each in *tables* | */nft) ;; *) ln -s $each /run/few-programs ;; esac
done
mount --bind /run/few-programs /usr/sbin
ipvs-ts doctor || test $? = 1'`;

interface Json {
  readonly findings: readonly { readonly id: string; readonly services: readonly string[] }[];
  readonly fixed: readonly { readonly id: string }[];
  readonly failed: readonly { readonly finding: { readonly id: string }; readonly reason: string }[];
}

function ids(findings: Json['fixed']): string[] {
  return findings.map(({ id }) => id);
}

function doctor({ director }: Bench, ...words: string[]): Promise<Outcome> {
  return director.try(['ipvs-ts', 'doctor', ...words]);
}

async function doctorJson(
  bench: Bench,
  ...words: string[]
): Promise<{ status: number } & Record<'findings' | 'fixed' | 'failed', string[]>> {
  const { status, stdout } = await doctor(bench, '--json', ...words);
  const { findings, fixed, failed } = JSON.parse(stdout) as Json;
  return {
    status,
    findings: ids(findings),
    fixed: ids(fixed),
    failed: ids(failed.map((each) => each.finding)),
  };
}

/** Runs a command where /proc/sys cannot be written. */
function readOnly({ director }: Bench, command: string): Promise<Outcome> {
  return director.try([
    'unshare',
    '--mount',
    'sh',
    '-ec',
    `mount -o bind,ro /proc/sys /proc/sys; ${command}`,
  ]);
}

/** The ways in which four requests fail. */
async function failures(bench: Bench): Promise<string[]> {
  const answers = await askFour(bench);
  return [...new Set(answers)].map((answer) => /^\(no page: (.*)\)$/.exec(answer)?.[1] ?? answer);
}

function forward({ director }: Bench): string {
  return inside(director.path, () => readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim());
}

async function estimation({ ipvs }: Bench): Promise<number | undefined> {
  return (await ipvs.sysctls()).run_estimation;
}

async function halfOpen({ ipvs }: Bench): Promise<number> {
  let count = 0;
  for await (const { state } of ipvs.connections()) if (state === 'SYN_RECV') count += 1;
  return count;
}
