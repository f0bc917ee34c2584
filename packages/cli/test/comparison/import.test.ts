/** keepalived and ldirectord at work on a file in one namespace, and its import applied in another: the tables are the same. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importKeepalived, importLdirectord } from '@ipvs-ts/agent';
import { type DesiredState, Ipvs } from '@ipvs-ts/ipvs';
import { expect } from 'chai';
import { readIncluded } from '../../dist/subcommands/import/include-files.js';
import { Arena } from './arena.js';
import { quote } from './shell.js';

/** How long a program may take to make the expected table. */
const PATIENCE_MS = 90_000;

const CONFIG_ID = 'lb1';
const SERVERS = `servers-${process.pid}`;
/** Stands for the table of a file that its program refuses. */
const REFUSED = 'refused';

/** Ports that servers of ldirectord's files answer on. */
const PORTS = [80, 3306, 3307, 8080];

const LISTENER = `
  for (const port of [${PORTS.join()}])
    require('net').createServer((socket) => {
      socket.on('error', () => {}).on('data', () => socket.end(
        'HTTP/1.0 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nTest Page'));
    }).listen(port, '0.0.0.0');`;

function files(corpus: string): string[] {
  const folder = fileURLToPath(new URL(`../../../agent/test/corpus/${corpus}/`, import.meta.url));
  return readdirSync(folder)
    .filter((name) => /\.c(?:on)?f$/.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => !/^\ufeff?# not compared: /.test(readFileSync(path, 'utf8')));
}

/** A file of ldirectord whose servers are in the table without an answer: no check decides. */
function allOn(text: string): string {
  return text
    .replace(/^[ \t]+checktype[ \t]*=.*(?:\n|$)/gm, '')
    .replace(/^virtual.*?(\r?)\n/gm, '$&\tchecktype=on$1\n');
}

/** Addresses of the name servers that this machine asks. */
function nameServers(): string[] {
  const text = existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '';
  return [...text.matchAll(/^nameserver\s+([0-9a-f.:]+)/gim)].map(([, address]) => address as string);
}

describe('imported files beside the programs that they are for', function () {
  this.timeout(200_000);
  let arena: Arena;

  before(async () => {
    arena = new Arena();
    const run = (script: string): Promise<string> => arena.reference.shell.run(script);
    // Servers of keepalived's files never answer; those of ldirectord's do.
    await run('ip link add silent type dummy && ip link set silent up arp off');
    await run('ip address add 10.1.255.254/16 dev silent; ip address add fd00:1::ffff/64 dev silent nodad');
    await run('ip route add 10.0.0.0/8 dev silent; ip route add 192.168.0.0/16 dev silent');
    await run('ip route add 2001:db8::/32 dev silent');
    // keepalived looks its host's name up: without an answer, that would take 10 s for each file.
    for (const server of nameServers()) await run(`ip route add unreachable ${server} || true`);
    execFileSync('ip', ['netns', 'add', SERVERS]);
    await run(`ip link add towards type veth peer name servers netns ${SERVERS} && ip link set towards up`);
    await run('ip address add 10.3.255.254/16 dev towards');
    const there = `ip netns exec ${SERVERS}`;
    await run(`${there} ip link set lo up; ${there} ip link set servers up`);
    await run(
      `${there} ip address add 10.3.255.253/16 dev servers; ${there} ip route add local 10.3.0.0/24 dev lo`,
    );
    await run(`${there} ${process.execPath} -e ${quote(LISTENER)} </dev/null >/dev/null 2>&1 & LISTENER=$!`);
  });

  after(async () => {
    await arena.reference.shell.run('kill $LISTENER; wait $LISTENER 2>/dev/null');
    arena.close();
    execFileSync('ip', ['netns', 'delete', SERVERS]);
  });

  afterEach(() => {
    arena.reference.clear();
    arena.own.clear();
  });

  for (const path of [...files('keepalived'), ...files('field/keepalived')])
    it(`keepalived: ${path.split('/').slice(-3).join('/')}`, async () => {
      const pids = ['p', 'c', 'r'].map((letter) => `-${letter} /run/import.${letter}`).join(' ');
      const command = `keepalived -n -C -l -D -i ${CONFIG_ID} -f ${quote(path)} ${pids}`;
      const text = readFileSync(path, 'utf8');
      const { document } = importKeepalived({ path, text }, { configId: CONFIG_ID, readIncluded });
      const ours = await applied(document as unknown as DesiredState);
      // No server answers: each is in the table until its checks have failed, and some files make them fail at once.
      const theirs = await tableOf(command, 'Startup complete|no configuration to run', ours);
      expect(ours).to.equal(theirs);
    });

  for (const path of files('ldirectord'))
    it(`ldirectord: ${path.split('/').slice(-3).join('/')}`, async () => {
      await compareLdirectord(path);
    });

  for (const path of files('field/ldirectord'))
    it(`ldirectord, all servers on: ${path.split('/').slice(-3).join('/')}`, async () => {
      const directory = mkdtempSync(join(tmpdir(), 'import.'));
      try {
        const copy = join(directory, basename(path));
        writeFileSync(copy, allOn(readFileSync(path, 'utf8')));
        await compareLdirectord(copy);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });

  async function compareLdirectord(path: string): Promise<void> {
    const { document, remarks } = importLdirectord({ path, text: readFileSync(path, 'utf8') });
    const ours = await applied(document as unknown as DesiredState);
    // It checks one server after the other, with pauses that look like the end.
    const theirs = await tableOf(`ldirectord -d ${quote(path)} start`, 'virtual server', ours);
    if (theirs !== REFUSED) expect(ours).to.equal(theirs);
    else expect(remarks.map(({ fate }) => fate)).to.include('dropped');
  }

  /** The table that a program makes, once it has written `begun`: `expected`, or the last one that was seen. */
  async function tableOf(command: string, begun: string, expected: string): Promise<string> {
    const { shell } = arena.reference;
    const directory = (await shell.run('mktemp -d /run/import.XXXXXX')).trim();
    const log = `${directory}/log`;
    await shell.run(`cd ${quote(dirname(directory))}; ${command} </dev/null >${log} 2>&1 & PROGRAM=$!`);
    const started = Date.now();
    let table: string;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      table = rules();
      const written = readFileSync(log, 'utf8');
      if (written.includes('config_error: ')) {
        table = REFUSED;
        break;
      }
      const has = new RegExp(begun).test(written);
      if (has && table === expected) break;
      if (Date.now() - started <= PATIENCE_MS) continue;
      if (has) break;
      throw new Error(`no table: ${readFileSync(log, 'utf8')}`);
    }
    await shell.run(
      `kill -9 $PROGRAM $(cat /run/import.[pcr] 2>/dev/null); wait $PROGRAM 2>/dev/null; rm -f /run/import.[pcr]`,
    );
    return table;
  }

  /** The table that the document makes when all servers are up. */
  async function applied(document: DesiredState): Promise<string> {
    const services = Object.entries(document.services).map(([name, service]) => {
      const {
        check: _,
        health: __,
        destinations = {},
        ...settings
      } = service as Record<string, Record<string, Record<string, unknown>>>;
      const plain = Object.entries(destinations).map(
        ([each, { check: ___, ...own }]) => [each, own] as const,
      );
      return [name, { ...settings, destinations: Object.fromEntries(plain) }];
    });
    const state = { services: Object.fromEntries(services) as DesiredState['services'] };
    await using ipvs = await Ipvs.open({ netns: `/run/netns/own-${process.pid}` });
    await (await ipvs.plan(state)).apply();
    return saved(arena.own);
  }

  function rules(): string {
    return saved(arena.reference);
  }

  function saved(side: Arena['own']): string {
    const { stdout } = side.run({ argv: '-Sn' });
    return stdout.split('\n').sort().join('\n');
  }
});
