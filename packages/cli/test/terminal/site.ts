/** What the pictures show: a director with services, servers, and clients that keep them busy. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Ipvs } from '@ipvs-ts/ipvs';

export const WEB = 'tcp:192.0.2.10:443';
export const SERVERS = ['10.0.0.11:8443', '10.0.0.12:8443', '10.0.0.13:8443'] as const;
const API = 'tcp:192.0.2.20:8080';
const MAIL = 'tcp:192.0.2.30:25';
const DNS = 'udp:192.0.2.53:53';

/** Addresses of all, in one namespace. */
const ADDRESSES = [
  ...['192.0.2.10', '192.0.2.20', '192.0.2.30', '192.0.2.53'],
  ...['10.0.0.11', '10.0.0.12', '10.0.0.13', '10.0.0.21', '10.0.0.22', '10.0.0.51', '10.0.0.52'],
];

/** Runs inside: servers that answer each line, clients that stay and ask, and clients that come and go. */
const PROGRAM = `
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
const ignore = () => {};
const serve = (host, port, answer) => createServer((socket) => {
  socket.on('error', ignore).on('data', () => socket.write(answer));
}).listen(port, host);
for (const last of [11, 12, 13]) serve('10.0.0.' + last, 8443, Buffer.alloc(16_000));
for (const last of [21, 22]) serve('10.0.0.' + last, 8080, Buffer.alloc(900));
for (const last of [51, 52])
  createSocket('udp4').bind(53, '10.0.0.' + last).on('message', function (text, from) { this.send(text, from.port, from.address); });
const asks = (host, port, every) => {
  const socket = connect(port, host).on('error', ignore).on('data', ignore);
  setInterval(() => socket.write('x'.repeat(300)), every);
};
await new Promise((resolve) => setTimeout(resolve, 500));
for (let count = 0; count < 34; count += 1) asks('192.0.2.10', 443, 400 + 10 * count);
for (let count = 0; count < 9; count += 1) asks('192.0.2.20', 8080, 700);
setInterval(() => connect(443, '192.0.2.10').on('error', ignore).end('bye'), 250);
setInterval(() => connect(8080, '192.0.2.20').on('error', ignore).end('bye'), 900);
setInterval(() => {
  const socket = createSocket('udp4').on('message', () => socket.close());
  socket.send('who?', 53, '192.0.2.53');
}, 400);
process.send('ready');
`;

/** The network namespace with all of it. */
export class Site {
  readonly name = `ipvs-ts-pictures-${process.pid}`;
  readonly #path = `/run/netns/${this.name}`;
  #child: ChildProcess | undefined;
  #agent: ChildProcess | undefined;

  async start(): Promise<void> {
    execFileSync('ip', ['netns', 'add', this.name]);
    const addresses = ADDRESSES.map((address) => `address add ${address}/32 dev lo`);
    execFileSync('ip', ['-n', this.name, '-batch', '-'], {
      input: `link set lo up\n${addresses.join('\n')}\n`,
    });
    writeFileSync(DOCUMENT, JSON.stringify(kept()));
    const ipvs = await Ipvs.open({ netns: this.#path });
    const apply = (weight: number): Promise<unknown> =>
      ipvs.plan(declared(weight)).then((plan) => plan.apply());
    await apply(1);
    const words = ['netns', 'exec', this.name, process.execPath, '--input-type=module', '-e', PROGRAM];
    this.#child = spawn('ip', words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(this.#child, 'message');
    // From now on one web server gets no new clients, but keeps those that it has.
    await apply(0);
    await ipvs.close();
    this.#agent = this.#run('ipvs-ts', 'agent', '-f', DOCUMENT);
  }

  /** Takes the third web server out, by its agent. */
  maintain(): void {
    const words = ['netns', 'exec', this.name, 'ipvs-ts', 'maintenance', 'start', WEB, SERVERS[2]];
    execFileSync('ip', [...words, '--now', '--force', '--why', 'new disks'], { stdio: 'inherit' });
  }

  /** Ends the agent; the table stays. */
  async stopAgent(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    if (agent === undefined) return;
    agent.kill();
    await once(agent, 'exit');
  }

  #run(...words: readonly string[]): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.name, ...words], { stdio: ['ignore', 'ignore', 'ignore'] });
  }

  async stop(): Promise<void> {
    await this.stopAgent();
    if (this.#child !== undefined) {
      this.#child.kill();
      await once(this.#child, 'exit');
    }
    execFileSync('ip', ['netns', 'delete', this.name]);
  }
}

/** The document of the agent. */
const DOCUMENT = '/tmp/director.json';

function declared(weight: number): Parameters<Ipvs['plan']>[0] {
  const masq = (weight = 1): { readonly forwarding: 'masq'; readonly weight: number } => ({
    forwarding: 'masq',
    weight,
  });
  const [first, second, third] = SERVERS;
  return {
    services: {
      [WEB]: {
        scheduler: 'wlc',
        destinations: { [first]: masq(2), [second]: masq(), [third]: masq(weight) },
      },
      [API]: { scheduler: 'rr', destinations: { '10.0.0.21:8080': masq(), '10.0.0.22:8080': masq() } },
      [MAIL]: { scheduler: 'rr', destinations: { '10.0.0.31:25': masq(weight) } },
      [DNS]: { scheduler: 'wrr', destinations: { '10.0.0.51:53': masq(), '10.0.0.52:53': masq() } },
    },
  };
}

/** The same, for an agent that checks the servers of TCP. */
function kept(): object {
  const { services } = declared(1);
  const check = { tcp: {}, interval: '1s', failingInterval: '1s', fall: 2 };
  return {
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        name === DNS ? service : { ...service, check },
      ]),
    ),
  };
}
