/** A file's program on one director, and the agent with the imported document on another, while servers die and return. */
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type DesiredState, exportState, type Ipvs } from '@ipvs-ts/ipvs';
import { agentOf, keepalived } from '../table-keepers.js';
import type { Lab } from '../lab.js';
import type { Namespace } from '../namespace.js';
import { poll } from '../poll.js';
import { runProgram, tryProgram } from '../run-program.js';
import { startCheckServers } from './check-servers.js';
import { type LiveFile, PHASES, type Phase } from './live-file.js';

const [ONE, OTHER, SORRY] = ['10.0.0.11', '10.0.0.12', '10.0.0.99'] as const;
/** Each phase's change: which server, and whether it lives. */
const CHANGES: Readonly<Record<Exclude<Phase, 'all'>, readonly [address: string, lives: boolean]>> = {
  one: [ONE, false],
  none: [OTHER, false],
  back: [OTHER, true],
  again: [ONE, true],
};
/** How long a program may take to react: limits on silence, since machines are busy. */
const PATIENCE_MS = 60_000;
/** How long a table has to stay as it is to count as settled. */
const QUIET_MS = 3_000;

type Services = DesiredState['services'];

/** Runs `file` on both sides, and compares the tables after each change of the servers. */
export async function compareLives(lab: Lab, file: LiveFile): Promise<void> {
  const { report } = lab;
  const directory = await mkdtemp(join(tmpdir(), 'lives-'));
  lab.cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
  await chmod(directory, 0o755);
  const text = file.text.replaceAll('@DIR@', directory);
  const path = join(directory, `${file.program}.conf`);
  await writeFile(path, text);
  const servers = await serversOf(lab, file, directory);
  const imported = await tryProgram([
    'ipvs-ts',
    'import',
    `--from-${file.program}`,
    path,
    '--output',
    'json',
  ]);
  report.check('the file is imported', imported.status === 0 || imported.status === 2, imported);
  if (file.remark !== undefined)
    report.check(
      `a remark says what differs: ${file.remark.source}`,
      file.remark.test(imported.stderr),
      imported.stderr,
    );
  const document = JSON.parse(imported.stdout) as { services: object };
  const ours = await agentOf(lab, servers.us, document);
  const theirs = await programOf(lab, servers.them, file, path, text);
  await Promise.all([ours.start(), theirs.start()]);
  let before: Services = {};
  for (const phase of PHASES) {
    if (phase !== 'all') await servers.change(...CHANGES[phase]);
    const changes = phase === 'all' || !file.unchanged;
    const differs = file.differs.includes(phase);
    let theirTable = await settled(theirs.ipvs, changes ? before : undefined, file.still.includes(phase));
    let ourTable = await settled(ours.ipvs, undefined, false);
    const isEqual = (): boolean => isDeepStrictEqual(ourTable, theirTable);
    // Either may need longer: what counts is that both come to the same and stay there.
    for (const end = performance.now() + PATIENCE_MS; !differs && !isEqual() && performance.now() < end;) {
      theirTable = await settled(theirs.ipvs, undefined, false);
      ourTable = await servicesOf(ours.ipvs);
    }
    before = theirTable;
    if (differs) report.check(`${phase}: the tables differ, as a remark says`, !isEqual(), ourTable);
    else report.equal(`${phase}: the tables are equal`, ourTable, theirTable);
    report.say(`${phase}: ${summary(theirTable)}${differs ? ` | the agent: ${summary(ourTable)}` : ''}`);
  }
}

async function serversOf(
  lab: Lab,
  file: LiveFile,
  directory: string,
): Promise<{ them: Namespace; us: Namespace; change(address: string, lives: boolean): Promise<void> }> {
  const addresses = [ONE, OTHER, SORRY];
  const hosts = await lab.build({
    hosts: {
      them: { interfaces: { eth0: ['10.0.0.1/24'] } },
      us: { interfaces: { eth0: ['10.0.0.2/24'] } },
      servers: { interfaces: { eth0: addresses.map((address) => `${address}/24`) } },
    },
    networks: { wire: ['them/eth0', 'us/eth0', 'servers/eth0'] },
  });
  // Otherwise a removed address takes the others of its network with it.
  hosts.servers.sysctl('net.ipv4.conf.all.promote_secondaries=1', 'net.ipv4.conf.eth0.promote_secondaries=1');
  const servers = await startCheckServers(hosts.servers, addresses, directory, lab.cleanup);
  const status = (address: string, text: string): Promise<void> => writeFile(join(directory, address), text);
  for (const address of addresses) await status(address, '0');
  await writeFile(join(directory, 'check'), `#!/bin/sh\nexit $(cat ${directory}/$3)\n`, { mode: 0o755 });
  return {
    them: hosts.them,
    us: hosts.us,
    async change(address, lives) {
      if (file.death === 'vanish')
        await hosts.servers.ip(`address ${lives ? 'add' : 'delete'} ${address}/24 dev eth0`);
      else if (file.death.startsWith('exit ')) await status(address, lives ? '0' : file.death.slice(5));
      else await servers.change(address, lives ? 'live' : file.death);
    },
  };
}

async function programOf(
  lab: Lab,
  host: Namespace,
  file: LiveFile,
  path: string,
  text: string,
): Promise<{ readonly ipvs: Ipvs; start(): Promise<void> }> {
  if (file.program === 'keepalived') return keepalived(lab, host, text);
  return {
    ipvs: await lab.ipvs(host),
    start: async () => {
      const child = host.start(
        'sh',
        '-c',
        'PERL_LWP_SSL_CA_FILE="$2" exec ldirectord -d "$1" start >"$1.log" 2>&1',
        'sh',
        path,
        join(dirname(path), 'certificate.pem'),
      );
      lab.cleanup.add('ldirectord', async () => {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        await runProgram(['rm', '-f', `/run/ldirectord.${file.program}.pid`]);
      });
    },
  };
}

/** The table once it is another one than `before` and stays as it is. */
async function settled(ipvs: Ipvs, before: Services | undefined, mayStay: boolean): Promise<Services> {
  const limit = mayStay ? 15_000 : PATIENCE_MS;
  let table = await servicesOf(ipvs);
  if (before !== undefined)
    table = await poll(
      () => servicesOf(ipvs),
      (seen) => !isDeepStrictEqual(seen, before),
      { limit, interval: 250 },
    );
  for (let since = performance.now(); performance.now() - since < QUIET_MS;) {
    await delay(250);
    const seen = await servicesOf(ipvs);
    if (!isDeepStrictEqual(seen, table)) since = performance.now();
    table = seen;
  }
  return table;
}

async function servicesOf(ipvs: Ipvs): Promise<Services> {
  return (await exportState(ipvs)).services;
}

/** Services with the weights of their destinations, in one line. */
function summary(services: Services): string {
  const texts = Object.entries(services).map(([name, { destinations = {} }]) => {
    const each = Object.entries(destinations).map(([key, { weight }]) => `${key}=${String(weight ?? 1)}`);
    return `${name} [${each.join(' ')}]`;
  });
  return texts.join(', ') || 'no services';
}
