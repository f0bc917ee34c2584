import { statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentKeeper, agentOf, SERVICE, weightsOf } from '../table-keepers.js';
import type { Lab, Scenario } from '../lab.js';
import type { Namespace } from '../namespace.js';
import { poll } from '../poll.js';
import { runProgram, tryProgram } from '../run-program.js';

const ONE = '10.0.0.11:80';
const TWO = '10.0.0.12:80';
const VIRTUAL = '10.0.0.100';
const CHECK = { interval: '1s', failingInterval: '500ms', timeout: '1s', fall: 2, rise: 1 };

const documentOf = (check: object, agent?: object): { readonly services: object } => ({
  services: {
    [SERVICE]: {
      scheduler: 'wlc',
      check: { ...check, ...CHECK },
      destinations: { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } },
    },
  },
  ...(agent && { agent }),
});

/** Waits until a host has an address, or until it has not. */
async function hasAddress(host: Namespace, address: string, wanted: boolean): Promise<boolean> {
  return poll(
    async () => (await host.exec('ip', '-brief', 'address')).includes(`${address}/`),
    (has) => has === wanted,
    { limit: 300_000 },
  );
}

/** keepalived that moves an address and leaves IPVS alone, as long as a file says that its director is fit. */
async function vrrp(lab: Lab, host: Namespace, file: string, priority: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'vrrp-'));
  lab.cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
  const path = join(directory, 'keepalived.conf');
  await writeFile(
    path,
    `global_defs {
  router_id ${host.name}
}
vrrp_track_file fit {
  file ${file}
  weight 0
}
vrrp_instance VI_1 {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${String(priority)}
  advert_int 1
  virtual_ipaddress {
    ${VIRTUAL}/24
  }
  track_file {
    fit
  }
}
`,
  );
  const pids = ['-p', '-c', '-r'].flatMap((option, at) => [option, join(directory, `pid${String(at)}`)]);
  const child = host.start('keepalived', '-n', '-l', '--vrrp', '-f', path, ...pids);
  lab.cleanup.add(`keepalived of ${host.name}`, async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode !== null || !child.kill('SIGTERM')) return;
    await gone;
  });
}

/** The agent and what it needs of its host. */
export const agentHostScenarios: readonly Scenario[] = [
  {
    name: 'agent/ping',
    title: 'checks by ping: a host that answers none is out',
    run: async (lab) => {
      const hosts = await lab.build({
        hosts: {
          one: { interfaces: { eth0: ['10.0.0.11/24'] } },
          two: { interfaces: { eth0: ['10.0.0.12/24'] } },
          director: { interfaces: { eth0: ['10.0.0.1/24'] } },
        },
        networks: { wire: ['one/eth0', 'two/eth0', 'director/eth0'] },
      });
      const agent = await agentOf(lab, hosts.director, documentOf({ ping: {} }));
      const weights = async (claim: string, wanted: object): Promise<void> => {
        const seen = await poll(
          () => weightsOf(agent.ipvs),
          (found) => JSON.stringify(found) === JSON.stringify(wanted),
          { limit: 300_000 },
        );
        lab.report.equal(claim, seen, wanted);
      };
      await agent.start();
      await weights('hosts that answer are in service', { [ONE]: 100, [TWO]: 100 });
      hosts.two.sysctl('net.ipv4.icmp_echo_ignore_all=1');
      await weights('one that does not is out', { [ONE]: 100, [TWO]: 0 });
      const explained = await agent.ask('explain', SERVICE, TWO);
      lab.report.check('and explain says why', explained.stdout.includes('no echo reply'), explained.stdout);
      hosts.two.sysctl('net.ipv4.icmp_echo_ignore_all=0');
      await weights('it comes back', { [ONE]: 100, [TWO]: 100 });
    },
  },
  {
    name: 'agent/track-file',
    title: 'keepalived moves the address from a director that is not fit to one that is',
    run: async (lab) => {
      const hosts = await lab.build({
        hosts: {
          one: { interfaces: { eth0: ['10.0.0.11/24'] } },
          two: { interfaces: { eth0: ['10.0.0.12/24'] } },
          first: { interfaces: { eth0: ['10.0.0.1/24'] } },
          second: { interfaces: { eth0: ['10.0.0.2/24'] } },
        },
        networks: { wire: ['one/eth0', 'two/eth0', 'first/eth0', 'second/eth0'] },
      });
      await lab.serve(hosts.one, 'one');
      await lab.serve(hosts.two, 'two');
      const directors = [hosts.first, hosts.second] as const;
      const agents: AgentKeeper[] = [];
      for (const [at, host] of directors.entries()) {
        const folder = await mkdtemp(join(tmpdir(), 'fit-'));
        lab.cleanup.add(`directory ${folder}`, () => rm(folder, { recursive: true }));
        const file = join(folder, 'fit');
        const document = documentOf({ http: {} }, { trackFile: file });
        const agent = await agentOf(lab, host, document);
        agents.push(agent);
        await agent.start();
        const fit = await poll(
          () => readFile(file, 'utf8').catch(() => ''),
          (text) => text.trim() === '0',
          { limit: 300_000 },
        );
        lab.report.equal(`director ${String(at + 1)} is fit`, fit.trim(), '0');
        await vrrp(lab, host, file, 150 - at * 50);
      }
      lab.report.check('the first has the address', await hasAddress(hosts.first, VIRTUAL, true), '');
      const [first] = agents;
      for (const server of [ONE, TWO])
        await first?.ask('maintenance', 'start', SERVICE, server, '--now', '--force');
      lab.report.equal(
        'the unfit director loses the address',
        await hasAddress(hosts.first, VIRTUAL, false),
        false,
      );
      lab.report.equal('the fit one takes it', await hasAddress(hosts.second, VIRTUAL, true), true);
      for (const server of [ONE, TWO]) await first?.ask('maintenance', 'end', SERVICE, server);
      lab.report.equal('it returns with fitness', await hasAddress(hosts.first, VIRTUAL, true), true);
    },
  },
  {
    name: 'agent/socket',
    title: 'the socket belongs to the group of operators, and nobody else may ask',
    alone: true,
    run: async (lab) => {
      const { director } = await lab.build({ hosts: { director: { interfaces: {} } }, networks: {} });
      const groups = await readFile('/etc/group', 'utf8');
      // The guest has the files of its host: a copy with one more line takes the place of the file.
      const folder = await mkdtemp(join(tmpdir(), 'group-'));
      lab.cleanup.add(`directory ${folder}`, () => rm(folder, { recursive: true }));
      await writeFile(join(folder, 'group'), `${groups.trimEnd()}\nipvs-ts:x:4711:\n`);
      await runProgram(['mount', '--bind', join(folder, 'group'), '/etc/group']);
      lab.cleanup.add('groups', () => runProgram(['umount', '/etc/group']).then(() => undefined));
      const agent = await agentOf(lab, director, {
        services: { [SERVICE]: { destinations: { [ONE]: {} } } },
      });
      await runProgram(['chmod', '755', agent.directory]);
      await agent.start();
      const socket = join(agent.directory, 'run', 'agent.sock');
      await poll(
        () => agent.ask('status'),
        ({ status }) => status === 0,
        { limit: 300_000 },
      );
      const { mode, gid } = statSync(socket);
      lab.report.equal('its mode and group', [(mode & 0o777).toString(8), gid], ['660', 4711]);
      const as = (...groupsOf: readonly string[]): ReturnType<typeof tryProgram> =>
        tryProgram([
          ...['setpriv', '--reuid', '65534', '--regid', '65534', ...groupsOf],
          ...['curl', '-s', '--unix-socket', socket, 'http://agent/live'],
        ]);
      const operator = await as('--groups', '4711');
      lab.report.check('an operator may ask', operator.stdout.includes('true'), operator);
      const other = await as('--clear-groups');
      lab.report.check('another may not', other.status !== 0 && other.stdout === '', other);
    },
  },
];
