import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../lab.js';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const TABLE = '-A -t 192.0.2.1:80 -s wlc;-a -t 192.0.2.1:80 -r 10.0.0.11:80 -m -w 100;';

/** What the script in the guest says, by the name of the line. */
const WANTED = {
  state: 'active running 0',
  user: 'ipvs-ts',
  // CAP_NET_ADMIN and CAP_NET_RAW.
  capabilities: '3000',
  text: 'fit; 1 of 1 destination of 1 service in service',
  socket: 'srw-rw---- ipvs-ts ipvs-ts',
  table: TABLE,
  reload: '0',
  'reload with mistakes': '1 active',
  'after kill -9': 'active running 1',
  'table after kill -9': TABLE,
  'after the watchdog': 'active running 2',
  'after stop': 'inactive success',
  left: 'agent.json reserve ',
  'table after stop': TABLE,
} as const;

/** The unit of the agent under a systemd that is PID 1, on a kernel with IPVS. */
export const agentSystemdScenarios: readonly Scenario[] = [
  {
    name: 'agent/systemd',
    title:
      'the unit under a systemd that is PID 1: ready, reloaded, killed, hung and stopped; the table stays',
    alone: true,
    needs: 'own-kernel',
    run: async (lab) => {
      const hosts = await lab.build({
        hosts: {
          director: { interfaces: { eth0: ['10.0.0.1/24'] } },
          one: { interfaces: { eth0: ['10.0.0.11/24'] } },
        },
        networks: { servers: ['director/eth0', 'one/eth0'] },
      });
      const directory = await mkdtemp(join(tmpdir(), 'systemd-'));
      lab.cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
      const output = join(directory, 'output');
      const ran = await hosts.director.try([
        fileOf('guest/with-systemd'),
        fileOf('../packages/agent/systemd'),
        fileOf('guest/agent-under-systemd.sh'),
        output,
      ]);
      const text = await readFile(output, 'utf8').catch(() => '');
      lab.report.check('systemd ran it to its end', ran.status === 0, { ...ran, text });
      const said = new Map(
        text.split('\n').map((line) => {
          const [name = '', ...rest] = line.split(': ');
          return [name, rest.join(': ')] as const;
        }),
      );
      for (const [name, wanted] of Object.entries(WANTED)) lab.report.equal(name, said.get(name), wanted);
    },
  },
];
