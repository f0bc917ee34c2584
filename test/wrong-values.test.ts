/** Every public function of netlink, director, agent and the command, with values that nobody means. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as agent from '@ipvs-ts/agent';
import * as director from '@ipvs-ts/director';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import * as netlink from '@ipvs-ts/netlink';
import * as command from 'ipvs-ts';
import { type Call, mistakesOf, WRONG_VALUES } from './wrong-values.js';

/** The same function with any arguments. */
type Any = (...values: never[]) => unknown;
const any = (call: unknown): Any => call as Any;

const { attribute, attributeSet, u8, zstring, nest } = netlink;
const SET = attributeSet('test', { name: attribute(1, 'NAME', zstring(8), 'a name') });
const OPERATION = netlink.operation({
  name: 'GET',
  doc: 'a test',
  command: 1,
  mode: 'do',
  request: SET,
  reply: { command: 1, attributes: SET },
});
const FAMILY: netlink.Family = { name: 'TEST', id: 30, version: 1 };
const client = (): netlink.NetlinkClient => new netlink.NetlinkClient(doubleTransport(new IpvsKernel()));
const clientSync = (): netlink.NetlinkClientSync =>
  new netlink.NetlinkClientSync(doubleTransportSync(new IpvsKernel()));
const asked = (): unknown => netlink.request(FAMILY, OPERATION, { name: 'x' });

const NETLINK: Call[] = [
  { name: 'attribute', call: any(attribute), values: [1, 'NAME', u8, 'text', '5.1'] },
  {
    name: 'attributeSet',
    call: any(attributeSet),
    values: ['test', { name: attribute(1, 'NAME', u8, 'text') }],
  },
  { name: 'attributeSet.check', call: any(SET.check.bind(SET)), values: [{ name: 'x' }] },
  {
    name: 'attributeSet.encode',
    call: any(SET.encode.bind(SET)),
    values: [new netlink.Writer(), { name: 'x' }],
  },
  { name: 'binary', call: any(netlink.binary), values: [0, 8] },
  { name: 'zstring', call: any(zstring), values: [8] },
  { name: 'padded', call: any(netlink.padded), values: [8] },
  { name: 'struct', call: any(netlink.struct), values: [{ a: u8 }] },
  { name: 'nest', call: any(nest), values: [SET] },
  { name: 'list', call: any(netlink.list), values: [SET] },
  { name: 'operation', call: any(netlink.operation), values: [OPERATION] },
  { name: 'request', call: any(netlink.request), values: [FAMILY, OPERATION, { name: 'x' }, () => 1] },
  {
    name: 'rawRequest',
    call: any(netlink.rawRequest),
    values: [FAMILY, { ...OPERATION, header: netlink.struct({ a: u8 }) }, { a: 1 }, { name: 'x' }, () => 1],
  },
  { name: 'errnoName', call: any(netlink.errnoName), values: [2] },
  { name: 'errnoText', call: any(netlink.errnoText), values: [2] },
  { name: 'lockFile', call: any(netlink.lockFile), values: [-1] },
  {
    name: 'connectError',
    call: any(netlink.connectError),
    values: [{ address: '127.0.0.1', port: 1, family: 4, timeout: 100 }],
  },
  { name: 'sendUnixDatagram', call: any(netlink.sendUnixDatagram), values: ['/nowhere', new Uint8Array(1)] },
  { name: 'withNetworkNamespace', call: any(netlink.withNetworkNamespace), values: ['/nowhere', () => 1] },
  {
    name: 'NetlinkSocket',
    call: any((options: never) => new netlink.NetlinkSocket(options)),
    values: [{}],
    end: (socket) => (socket as netlink.NetlinkSocket).close(),
  },
  {
    name: 'NetlinkSocket.send',
    call: any((bytes: never) => {
      const socket = new netlink.NetlinkSocket();
      try {
        socket.send(bytes);
      } finally {
        socket.close();
      }
    }),
    values: [new Uint8Array(16)],
  },
  {
    name: 'socketTransport',
    call: any((socket: never, options: never) => netlink.socketTransport(socket, options)),
    values: [{ close: () => undefined }, {}],
  },
  {
    name: 'NetlinkClient',
    call: any((transport: never) => new netlink.NetlinkClient(transport)),
    values: [doubleTransport(new IpvsKernel())],
  },
  {
    name: 'NetlinkClient.open',
    call: any((options: never) => netlink.NetlinkClient.open(options)),
    values: [{}],
    end: (made) => (made as netlink.NetlinkClient).close(),
  },
  {
    name: 'NetlinkClientSync',
    call: any((transport: never) => new netlink.NetlinkClientSync(transport)),
    values: [doubleTransportSync(new IpvsKernel())],
  },
  {
    name: 'NetlinkClientSync.open',
    call: any((options: never) => netlink.NetlinkClientSync.open(options)),
    values: [{}],
    end: (made) => (made as netlink.NetlinkClientSync).close(),
  },
  ...(['do', 'dump', 'ask'] as const).map((verb) => ({
    name: `NetlinkClient.${verb}`,
    call: any((request: never, options: never) => client()[verb](request, options)),
    values: [asked(), {}],
  })),
  {
    name: 'NetlinkClient.batch',
    call: any((requests: never, options: never) => client().batch(requests, options)),
    values: [[], {}],
  },
  {
    name: 'NetlinkClient.batch of one',
    call: any((request: never) => client().batch([request])),
    values: [asked()],
  },
  {
    name: 'NetlinkClient.family',
    call: any((name: never, options: never) => client().family(name, options)),
    values: ['IPVS', {}],
  },
  {
    name: 'NetlinkClient.know',
    call: any((family: never, operations: never) => client().know(family, operations)),
    values: [FAMILY, [OPERATION]],
  },
  {
    name: 'NetlinkClient.scan',
    call: any((request: never, reader: never, options: never) => client().scan(request, reader, options)),
    values: [{ bytes: new Uint8Array(16) }, { read: () => true }, {}],
  },
  ...(['do', 'dump'] as const).map((verb) => ({
    name: `NetlinkClientSync.${verb}`,
    call: any((request: never) => clientSync()[verb](request)),
    values: [asked()],
  })),
  {
    name: 'NetlinkClientSync.batch',
    call: any((requests: never) => clientSync().batch(requests)),
    values: [[]],
  },
  {
    name: 'NetlinkClientSync.family',
    call: any((name: never, options: never) => clientSync().family(name, options)),
    values: ['IPVS', {}],
  },
  {
    name: 'NetlinkClientSync.know',
    call: any((family: never, operations: never) => clientSync().know(family, operations)),
    values: [FAMILY, [OPERATION]],
  },
  {
    name: 'NetlinkClientSync.scan',
    call: any((request: never, reader: never) => clientSync().scan(request, reader)),
    values: [{ bytes: new Uint8Array(16) }, { read: () => true }],
  },
  { name: 'Writer', call: any((capacity: never) => new netlink.Writer(capacity)), values: [16] },
  {
    name: 'Writer.append',
    call: any((bytes: never) => new netlink.Writer().append(bytes)),
    values: [new Uint8Array(4)],
  },
  {
    name: 'Writer.attribute',
    call: any((type: never, payload: never) => new netlink.Writer().attribute(type, payload)),
    values: [1, 4],
  },
  { name: 'Writer.cut', call: any((length: never) => new netlink.Writer().cut(length)), values: [0] },
  { name: 'Writer.reserve', call: any((size: never) => new netlink.Writer().reserve(size)), values: [4] },
  {
    name: 'NetlinkError',
    call: any(
      (code: never, message: never, details: never) => new netlink.NetlinkError(code, message, details),
    ),
    values: ['ERR_NETLINK_CLOSED', 'text', {}],
  },
  {
    name: 'NetlinkError.is',
    call: any((error: never, code: never) => netlink.NetlinkError.is(error, code)),
    values: [new Error('x'), 'ERR_NETLINK_CLOSED'],
  },
  {
    name: 'Failed',
    call: any((errno: never, make: never) => new netlink.Failed(errno, make)),
    values: [2, () => new Error('x')],
  },
];

const reader = (): Promise<Ipvs> => Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
const host = {
  links: async () => [],
  addresses: async () => [],
  neighbours: async () => [],
  route: async () => ({ type: 'unreachable' }),
  net: () => undefined,
  gatewayLinks: async () => new Set(),
  sysctl: () => undefined,
  counter: () => undefined,
  firewall: async () => ({ tables: [], unseen: [] }),
  privileged: () => true,
};
const packet = { family: 'ipv4', protocol: 'tcp' };

const DIRECTOR: Call[] = [
  {
    name: 'diagnose',
    call: any(async (ipvs: never, options: never) => director.diagnose(ipvs, options)),
    values: [undefined, { host }],
  },
  ...(['services', 'clients', 'probe', 'fixed', 'host', 'netns'] as const).map((name) => ({
    name: `diagnose ${name}`,
    call: any(async (value: never) =>
      director.diagnose(await reader(), { host: host as never, [name]: value }),
    ),
    values: [undefined],
  })),
  {
    name: 'diagnose clients[0]',
    call: any(async (value: never) =>
      director.diagnose(await reader(), { host: host as never, clients: [value] }),
    ),
    values: ['192.0.2.1'],
  },
  {
    name: 'diagnose services[0]',
    call: any(async (value: never) =>
      director.diagnose(await reader(), { host: host as never, services: [value] }),
    ),
    values: ['fwmark:1'],
  },
  { name: 'examine', call: any(director.examine), values: [{}] },
  { name: 'fixSafely', call: any(director.fixSafely), values: [{ id: 'x', safe: false, settings: [] }] },
  {
    name: 'fixSafely settings',
    call: any((settings: never) => director.fixSafely({ id: 'x', safe: true, settings })),
    values: [[]],
  },
  { name: 'judge', call: any(director.judge), values: [[], 'input', packet, {}] },
  { name: 'translate', call: any(director.translate), values: [[], 'prerouting', packet] },
  {
    name: 'readIptables',
    call: any(director.readIptables),
    values: ['*filter\n-A INPUT -j DROP\n', 'iptables', 'ipv4', new Map(), new Set()],
  },
  { name: 'readNftables', call: any(director.readNftables), values: ['{"nftables":[]}', '', new Set()] },
  { name: 'readIpsets', call: any(director.readIpsets), values: [''] },
  { name: 'readArptables', call: any(director.readArptables), values: [''] },
  {
    name: 'LocalHost.open',
    call: any((options: never) => director.LocalHost.open(options)),
    values: [{}],
    end: (made) => (made as director.LocalHost).close(),
  },
  ...(['sysctl', 'net', 'route'] as const).map((name) => ({
    name: `LocalHost.${name}`,
    call: any(async (value: never) => {
      const local = director.LocalHost.open();
      try {
        return await (local[name] as Any)(value);
      } finally {
        await local.close();
      }
    }),
    values: ['127.0.0.1'],
  })),
  {
    name: 'LocalHost.route options',
    call: any(async (value: never) => {
      const local = director.LocalHost.open();
      try {
        return await local.route('127.0.0.1', value);
      } finally {
        await local.close();
      }
    }),
    values: [{}],
  },
  {
    name: 'LocalHost.counter',
    call: any((group: never, name: never) => {
      const local = director.LocalHost.open();
      try {
        return local.counter(group, name);
      } finally {
        void local.close();
      }
    }),
    values: ['TcpExt', 'x'],
  },
  {
    name: 'Network.open',
    call: any((options: never) => director.Network.open(options)),
    values: [{}],
    end: (made) => (made as director.Network).close(),
  },
];

/** Options of an agent that changes nothing: it observes, and has no document and no directories. */
const OBSERVER: agent.AgentOptions = {
  file: '/nowhere.yaml',
  runtimeDirectory: '/proc/none',
  stateDirectory: '/proc/none',
  observe: true,
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const AGENT: Call[] = [
  { name: 'compareDeclared', call: any(agent.compareDeclared), values: [undefined, {}] },
  { name: 'compose', call: any(agent.compose), values: [{}, 0] },
  {
    name: 'detectionTime',
    call: any(agent.detectionTime),
    values: [{ interval: 1, failingInterval: 1, timeout: 1, fall: 1, rise: 1 }],
  },
  { name: 'documentYaml', call: any(agent.documentYaml), values: [{ services: {} }, []] },
  { name: 'downMode', call: any(agent.downMode), values: [{ key: {}, options: {}, health: {} }, true] },
  { name: 'failed', call: any(agent.failed), values: ['why'] },
  { name: 'noVerdict', call: any(agent.noVerdict), values: ['why'] },
  { name: 'passed', call: any(agent.passed), values: ['why', 0.5] },
  { name: 'importKeepalived', call: any(agent.importKeepalived), values: [{ name: 'x', text: '' }, {}] },
  { name: 'importLdirectord', call: any(agent.importLdirectord), values: [{ name: 'x', text: '' }, {}] },
  {
    name: 'judge',
    call: any(agent.judge),
    values: [agent.unknownVerdict(0), { fall: 1, rise: 1 }, agent.passed('x'), 0],
  },
  { name: 'openJsonLog', call: any(agent.openJsonLog), values: [2] },
  { name: 'parseDuration', call: any(agent.parseDuration), values: ['5s'] },
  { name: 'writeDuration', call: any(agent.writeDuration), values: [5000] },
  { name: 'planAgent', call: any(agent.planAgent), values: [{ file: '/nowhere.yaml' }] },
  ...(['file', 'runtimeDirectory', 'stateDirectory', 'netns', 'checkTypes', 'open'] as const).map((name) => ({
    name: `planAgent ${name}`,
    call: any((value: never) => agent.planAgent({ file: '/nowhere.yaml', [name]: value })),
    values: [undefined],
  })),
  {
    name: 'runAgent',
    // By default it would manage the table of this host.
    call: any(async (value: unknown) =>
      agent.runAgent(value === undefined || isObject(value) ? { ...value, ...OBSERVER } : (value as never)),
    ),
    values: [OBSERVER],
    end: (made) => (made as agent.Agent).close(),
  },
  ...(['file', 'runtimeDirectory', 'stateDirectory', 'netns', 'checkTypes'] as const).map((name) => ({
    name: `runAgent ${name}`,
    call: any((value: unknown) => agent.runAgent({ ...OBSERVER, [name]: value ?? OBSERVER[name] })),
    values: [undefined],
    end: (made: unknown) => (made as agent.Agent).close(),
  })),
  { name: 'probeOf', call: any(agent.probeOf), values: [{}, {}] },
  {
    name: 'readDeclared',
    call: any(agent.readDeclared),
    values: [{ services: {} }, '1', agent.CHECK_TYPES, 'file'],
  },
  {
    name: 'readDeclaredText',
    call: any(agent.readDeclaredText),
    values: ['services: {}', 'x.yaml', '1', agent.CHECK_TYPES, 'file', 1000],
  },
  { name: 'readDesired', call: any(agent.readDesired), values: ['services: {}', 'x.yaml', {}] },
  { name: 'readSavedState', call: any(agent.readSavedState), values: ['{}'] },
  {
    name: 'remarkText',
    call: any(agent.remarkText),
    values: [{ file: 'x', line: 1, fate: 'dropped', what: 'x', text: 'y' }],
  },
  { name: 'seenService', call: any(agent.seenService), values: [{}] },
  {
    name: 'openAgentSocket',
    call: any(agent.openAgentSocket),
    values: [{ socket: '/proc/none/agent.sock' }],
    end: (made) => (made as agent.AgentSocket).close(),
  },
  { name: 'serveAgent', call: any(agent.serveAgent), values: [{}, { socket: '/proc/none/agent.sock' }] },
  { name: 'unknownVerdict', call: any(agent.unknownVerdict), values: [0] },
  {
    name: 'Fleet',
    call: any((settings: never, types: never) => new agent.Fleet(settings, types)),
    values: [{ endpoints: ['http://127.0.0.1:1'], prefix: '/x/' }, agent.CHECK_TYPES],
    end: (made) => (made as agent.Fleet).close(),
  },
  { name: 'Loop', call: any((options: never, now: never) => new agent.Loop(options, now)), values: [{}, 0] },
  {
    name: 'SocketEngine',
    call: any(
      (options: never) =>
        new (agent.SocketEngine as never as new (options: never) => agent.SocketEngine)(options),
    ),
    values: [undefined],
    end: (made) => (made as agent.SocketEngine).close(),
  },
  {
    name: 'ServiceManager',
    call: any(
      (options: never) => new (agent.ServiceManager as never as new (options: never) => object)(options),
    ),
    values: [undefined],
  },
  {
    name: 'AgentError',
    call: any((code: never, message: never, details: never) => new agent.AgentError(code, message, details)),
    values: ['ERR_AGENT_FILE', 'x', {}],
  },
  {
    name: 'AgentError.is',
    call: any((error: never, code: never) => agent.AgentError.is(error, code)),
    values: [new Error('x'), 'ERR_AGENT_FILE'],
  },
];

const io = {
  env: {},
  loadModule: () => false,
  names: () => ({}),
  open: () => {
    throw Object.assign(new Error('not here'), { code: 'ERR_IPVS_UNAVAILABLE' });
  },
  programName: 'ipvsadm',
  readFile: () => '',
  readStdin: () => [],
  stderr: () => undefined,
  stdout: () => undefined,
};
const COMMAND: Call[] = [
  { name: 'ipvsadm', call: any(command.ipvsadm), values: [['-ln'], io] },
  {
    name: 'ipvsadm argv[0]',
    call: any((word: never) => command.ipvsadm([word], io as never)),
    values: ['-ln'],
  },
];

/** Exports that need no arguments, or cannot be tried. */
const WITHOUT = new Set([
  // It ends this process.
  'endProcess',
  'keepHeapSmall',
  'openNameService',
  'TimeSlice',
  'Agent',
  'ArgumentChecks',
  'errorsWithCode',
]);

for (const [name, calls, exported] of [
  ['@ipvs-ts/netlink', NETLINK, netlink],
  ['@ipvs-ts/director', DIRECTOR, director],
  ['@ipvs-ts/agent', AGENT, agent],
  ['ipvs-ts', COMMAND, { ipvsadm: command.ipvsadm }],
] as const) {
  describe(`wrong values for ${name}`, function () {
    this.timeout(120_000);
    inTemporaryDirectory();
    for (const call of calls)
      it(`are accepted, or rejected with a code: ${call.name}`, async () => {
        expect((await mistakesOf(call)).join('\n')).to.equal('');
      });

    it('are tried on every function that is exported', () => {
      const tried = new Set(calls.map((each) => each.name.split(/[ .]/)[0]));
      const left = Object.entries(exported).filter(
        ([key, value]) => typeof value === 'function' && !tried.has(key) && !WITHOUT.has(key),
      );
      expect(left.map(([key]) => key)).to.deep.equal([]);
    });
  });
}

/** Some values are names of files in the working directory. */
function inTemporaryDirectory(): void {
  let home: string;
  let directory: string;
  before(() => {
    home = process.cwd();
    directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-wrong-values-'));
    process.chdir(directory);
  });
  after(() => {
    process.chdir(home);
    rmSync(directory, { recursive: true, force: true });
  });
}

describe('wrong values', () => {
  it('are of every kind', () => {
    expect(Object.keys(WRONG_VALUES).length).to.be.above(20);
  });
});
