import { expect } from 'chai';
import {
  checkedTable,
  declaredDestination,
  type DeclaredService,
  declaredService,
  type DeclaredTable,
  type DesiredState,
  type DestinationOptions,
  IpvsSync,
  type ServiceOptions,
  stateProblems,
} from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';

type Rows = Readonly<Record<string, [ServiceOptions, Readonly<Record<string, DestinationOptions>>]>>;

/** The same services as a table and as a plain state. */
function both(rows: Rows, others: Omit<DesiredState, 'services'> = {}): [DeclaredTable, DesiredState] {
  const services = new Map<string, DeclaredService>();
  for (const [name, [options, destinations]] of Object.entries(rows)) {
    const service = declaredService(name, options, 1);
    for (const [real, each] of Object.entries(destinations))
      service.destinations.set(real, declaredDestination(each, 2));
    services.set(name, service);
  }
  const plain = Object.entries(rows).map(([name, [options, destinations]]) => [
    name,
    { ...options, destinations },
  ]);
  return [
    { services, ...others },
    { services: Object.fromEntries(plain) as DesiredState['services'], ...others },
  ];
}

function plannedFor(state: DesiredState): readonly object[] {
  using ipvs = IpvsSync.open({ transport: doubleTransportSync(new IpvsKernel({ module: 'loaded' }), 8192) });
  ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
  ipvs.addDestination('tcp:192.0.2.10:80', '10.0.0.9:80');
  const plan = ipvs.plan(state);
  const changes = plan.toJSON();
  plan.apply();
  expect(ipvs.plan(state).length).to.equal(0);
  return changes;
}

const ROWS: Rows = {
  'tcp:192.0.2.10:80': [
    { scheduler: 'wrr', flags: [], onePacket: false },
    { '10.0.0.1:80': { forwarding: 'masq', weight: 3 }, '10.0.0.2:80': { forwarding: 'route', weight: 0 } },
  ],
  'udp:[2001:db8::10]:53': [
    { persistence: { timeout: 300, netmask: 64 } },
    { '[2001:db8::1]:53': {}, '10.0.0.1:53': { forwarding: 'tunnel' } },
  ],
  'fwmark:7': [{ scheduler: 'sh', flags: ['sh-port'] }, {}],
};

describe('a declared table', () => {
  it('leads to the same plan as the plain state', () => {
    const [table, plain] = both(ROWS, { timeouts: { tcp: 900 } });
    const { state, problems } = checkedTable(table);
    expect(problems).to.deep.equal([]);
    expect(plannedFor(state)).to.deep.equal(plannedFor(plain));
  });

  it('is a desired state', () => {
    const [table, plain] = both(ROWS, { timeouts: { tcp: 900 } });
    const { state } = checkedTable(table);
    expect({ ...state }).to.deep.equal(plain);
    expect(stateProblems(state)).to.deep.equal([]);
    expect(state.services).to.equal(state.services);
  });

  it('has the same mistakes as the plain state', () => {
    for (const [rows, others] of [
      [
        { 'tcp:192.0.2.10:80': [{ scheduler: '' }, { '10.0.0.1:80': { weight: -1 }, '10.0.0.300:80': {} }] },
        {},
      ],
      [{ 'tcp:192.0.2.10:0': [{}, { '[2001:db8::1]:0': {}, '0.0.0.0:80': {} }] }, {}],
      [
        { nonsense: [{}, { '10.0.0.1:80': { weight: 1.5 } }], 'tcp:192.0.2.1:80': [{}, {}] },
        { timeouts: { tcp: -1 } },
      ],
      [
        { 'tcp:192.0.2.1:80': [{}, { '[2001:db8::1]:80': { forwarding: 'tunnel' } }] },
        { daemons: { master: { interface: 'eth0' } } },
      ],
      [{ 'tcp:192.0.2.1:80': [{}, {}] }, { daemons: { master: { interface: '' } } }],
    ] as [Rows, Omit<DesiredState, 'services'>][]) {
      const [table, plain] = both(rows, others);
      const { state, problems } = checkedTable(table);
      expect(problems).to.have.length.above(0);
      expect(new Set(problems)).to.deep.equal(new Set(stateProblems(plain)));
      expect(() => plannedFor(state))
        .to.throw()
        .with.property('code', 'ERR_IPVS_DOCUMENT');
    }
  });

  it('rejects names that are not the texts of keys', () => {
    const [table] = both({ 'tcp:192.0.2.10:080': [{}, { '10.0.0.1:080': {} }] });
    expect(checkedTable(table).problems.map(({ path }) => path)).to.deep.equal([
      'services["tcp:192.0.2.10:080"]',
      'services["tcp:192.0.2.10:080"].destinations["10.0.0.1:080"]',
    ]);
  });
});
