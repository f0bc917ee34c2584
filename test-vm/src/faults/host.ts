import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Bench } from '../bench.js';
import type { Fault } from '../fault.js';
import { loadIpvs, unloadIpvs } from '../modules.js';
import { runProgram } from '../run-program.js';

/** Root without the capability that IPVS requires. */
const WITHOUT = ['setpriv', '--bounding-set=-net_admin'];
const MODULES = '/lib/modules';
const OPTIONS = '/etc/modprobe.d/ip_vs.conf';
const PARAMETER = '/sys/module/ip_vs/parameters/conn_tab_bits';

/** Faults of what a director needs before it can balance at all, and of how the doctor is called. */
export const hostFaults: readonly Fault[] = [
  {
    check: 'family',
    name: 'no-module',
    needs: 'own-kernel',
    shared: true,
    words: [],
    sees: 'refused',
    cause: async ({ ipvs, lab }) => {
      await ipvs.flush();
      await unloadIpvs();
      // A kernel without the module: loading it by name or by a family look-up finds nothing.
      await runProgram(['mount', '-t', 'tmpfs', 'tmpfs', MODULES]);
      lab.cleanup.add('the empty directory of modules', unhide);
    },
    shows: async ({ director, lab }) => {
      const { status, stderr } = await director.try(['ipvs-ts', '-ln']);
      lab.report.equal('commands end with status 2', status, 2);
      lab.report.check('and say why', stderr.includes('Protocol not available'), stderr);
    },
    before: unhide,
    person: addWeb,
  },
  {
    check: 'capability',
    name: 'no-capability',
    words: [],
    as: WITHOUT,
    quick: true,
    // Only the caller of the doctor is affected: clients are served.
    sees: 'answers',
    cause: () => undefined,
    shows: refused(WITHOUT),
  },
  {
    check: 'capability',
    name: 'user-namespace',
    needs: 'user-namespace',
    words: [],
    as: ['unshare', '--user', '--map-root-user'],
    sees: 'answers',
    cause: () => undefined,
    shows: refused(['unshare', '--user', '--map-root-user']),
  },
  {
    check: 'missing-service',
    name: 'no-service',
    words: ['tcp:192.0.2.10:80'],
    quick: true,
    sees: 'refused',
    cause: ({ ipvs, service }) => ipvs.deleteService(service),
    person: addWeb,
  },
  {
    check: 'connection-table',
    name: 'small-table',
    needs: 'own-kernel',
    shared: true,
    words: [],
    // A crowded table is slow, not wrong: a few clients do not see it.
    sees: 'answers',
    cause: async (bench) => {
      await bench.ipvs.flush();
      await unloadIpvs();
      await loadIpvs('conn_tab_bits=8');
      bench.lab.cleanup.add('the size of the table', () => rm(OPTIONS, { force: true }));
      bench.lab.cleanup.add('the small table', async () => {
        await bench.director.exec('ipvs-ts', '-C');
        await unloadIpvs();
      });
      if (existsSync(OPTIONS)) throw new Error(`${OPTIONS} is there already`);
      await addWeb(bench);
      await fill(bench);
    },
    shows: ({ lab }) => {
      lab.report.equal('the table has 256 buckets', readFileSync(PARAMETER, 'utf8').trim(), '8');
    },
    person: async (bench) => {
      await bench.director.exec('ipvs-ts', '-C');
      await unloadIpvs();
      await loadIpvs();
      const bits = Number(readFileSync(PARAMETER, 'utf8'));
      bench.lab.report.check('the module was loaded with more', bits > 8 && bits <= 20, bits);
      await addWeb(bench);
      await fill(bench);
    },
  },
  {
    check: 'service-probe',
    name: 'servers-refuse-clients',
    needs: 'iptables',
    words: ['--probe'],
    sees: 'refused',
    // The director itself may, so a probe from there finds each server healthy.
    cause: async (bench) => servers(bench, '-A'),
    person: async (bench) => servers(bench, '-D'),
  },
];

async function unhide(): Promise<void> {
  const over = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => / (?:\/usr)?\/lib\/modules tmpfs /.test(line));
  for (const _ of over) await runProgram(['umount', MODULES]);
}

/** The service of the bench, by commands: its own IPVS client may be older than the module. */
async function addWeb({ director, service }: Bench): Promise<void> {
  const address = service.slice('tcp:'.length);
  await director.sh(
    `ipvs-ts -A -t ${address} -s rr`,
    ...[11, 12].map((last) => `ipvs-ts -a -t ${address} -r 10.0.0.${String(last)}:80 -m`),
  );
}

/** Some two thousand connections, of one packet each. */
async function fill({ client, director, lab }: Bench): Promise<void> {
  await director.sh('ipvs-ts -A -u 192.0.2.10:53 -s rr', 'ipvs-ts -a -u 192.0.2.10:53 -r 10.0.0.11:53 -m');
  await client.exec('perl', '-MSocket', '-e', SEND);
  const lines = (await director.exec('ipvs-ts', '-ln')).split('\n');
  const line = lines.find((each) => each.includes('10.0.0.11:53')) ?? '';
  const count = Number(line.trim().split(/\s+/).at(-1));
  lab.report.check('there are more than 2048 connections', count > 2048, line);
}

const SEND = `
my $to = sockaddr_in(53, inet_aton("192.0.2.10"));
for my $port (20000 .. 22499) {
  socket(my $socket, PF_INET, SOCK_DGRAM, 17) or die "socket: $!";
  bind($socket, sockaddr_in($port, INADDR_ANY)) or die "bind: $!";
  send($socket, "?", 0, $to) or die "send: $!";
}`;

/** Checks that a user may not run a command. */
function refused(as: readonly string[]): (bench: Bench) => Promise<void> {
  return async ({ director, lab }) => {
    const { status, stderr } = await director.try([...as, 'ipvs-ts', '-ln']);
    lab.report.equal('commands end with status 2', status, 2);
    lab.report.check('and say why', stderr.includes('Permission denied (you must be root)'), stderr);
  };
}

/** Servers that accept the director only. */
async function servers({ one, two }: Bench, verb: '-A' | '-D'): Promise<void> {
  const rule = `iptables ${verb} INPUT -p tcp --dport 80 ! -s 10.0.0.1 -j REJECT --reject-with tcp-reset`;
  await Promise.all([one.sh(rule), two.sh(rule)]);
}
