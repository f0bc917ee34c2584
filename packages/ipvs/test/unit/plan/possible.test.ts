import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type DesiredState, DocumentError, Ipvs, IpvsSync, readDocument } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';

const WEB = 'tcp:192.0.2.1:80';

function client(options: object = {}, proc?: string): { kernel: IpvsKernel; ipvs: IpvsSync } {
  const kernel = new IpvsKernel({ module: 'loaded', ...options });
  return { kernel, ipvs: IpvsSync.open({ transport: doubleTransportSync(kernel), proc }) };
}

function messages(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (DocumentError.is(error)) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

function state(service: object): DesiredState {
  return { services: { [WEB]: service } };
}

describe('plans of what the kernel would refuse', () => {
  it('are mistakes of the document: schedulers and engines that it neither has nor can load', () => {
    const { ipvs } = client({ schedulers: ['rr', 'wrr', 'mine'], engines: ['sip'] });
    const found = messages(() =>
      ipvs.plan({
        services: {
          [WEB]: { scheduler: 'wr', destinations: { '10.0.0.1:80': {} } },
          'fwmark:1': { scheduler: 'mine', persistence: { timeout: 1, engine: 'sipp' } },
          'fwmark:2': { scheduler: 'wrr' },
          'fwmark:3': { scheduler: 'none', persistence: { timeout: 1, engine: 'sip' } },
        },
      }),
    );
    expect(found).to.deep.equal([
      `services["${WEB}"].scheduler: the kernel has no scheduler wr and no module ip_vs_wr to load; did you mean wrr?`,
      'services["fwmark:1"].persistence.engine: the kernel has no persistence engine sipp and no module ip_vs_pe_sipp to load; did you mean sip?',
    ]);
    expect(ipvs.services()).to.deep.equal([]);
  });

  it('are not asked for by names of the kernel itself, so that plans of those send only questions', () => {
    const { kernel, ipvs } = client();
    kernel.requests.length = 0;
    ipvs.plan(state({ scheduler: 'sh', persistence: { timeout: 5, engine: 'sip' } }));
    expect(kernel.requests.filter(({ operation }) => operation?.startsWith('NEW') === true)).to.deep.equal(
      [],
    );
  });

  it('have places where the state was read from a text', async () => {
    const kernel = new IpvsKernel({ schedulers: ['rr'] });
    await using ipvs = await Ipvs.open({ transport: doubleTransport(kernel) });
    const text = `services:\n  ${WEB}:\n    scheduler: rrr\n`;
    for (const desired of [
      await readDocument(text, { file: 'web.yaml' }),
      await readDocument(`# x\n${text.replace('rrr', '"r\\x72r"')}`, { file: 'web.yaml' }),
    ]) {
      const error: unknown = await ipvs.plan(desired).catch((each: unknown) => each);
      if (!DocumentError.is(error)) throw error;
      expect(error.problems[0]?.column).to.equal(16);
      expect(error.message).to.match(/\n {2}web\.yaml:[34]:16: services/);
    }
  });

  it('are mistakes for edits too, and not for entries that stay as they are', () => {
    const { ipvs } = client({ schedulers: ['rr', 'wlc'] });
    ipvs.addService(WEB, { scheduler: 'rr' });
    expect(messages(() => ipvs.plan(state({ scheduler: 'rr' })))).to.deep.equal([]);
    expect(messages(() => ipvs.plan(state({ scheduler: 'sedd' })))).to.have.length(1);
    expect(messages(() => ipvs.plan(state({ scheduler: 'sedd', preserve: true })))).to.deep.equal([]);
  });

  it('are mistakes if the kernel has no IPv6, and doubts if it cannot be asked', () => {
    const { ipvs } = client({ ipv6: false, schedulers: ['rr'] });
    expect(messages(() => ipvs.plan({ services: { 'fwmark6:1': {} } }))).to.deep.equal([
      'services["fwmark6:1"]: the kernel has no IPv6 for IPVS',
    ]);
    expect(ipvs.plan(state({ scheduler: 'rr' })).doubts).to.deep.equal([]);
    expect(ipvs.plan(state({ scheduler: 'rrr' })).doubts).to.deep.equal([
      'cannot tell whether the kernel has the scheduler rrr; did you mean rr?',
    ]);
  });

  it('are mistakes where a sync daemon has no interface', () => {
    const proc = mkdtempSync(join(tmpdir(), 'proc-'));
    try {
      mkdirSync(join(proc, 'net'));
      writeFileSync(
        join(proc, 'net/dev'),
        'Inter-|   Receive |  Transmit\n face |bytes |bytes\n    lo: 0 0\n  eth0:12 0\n eth0.7: 1 0\n',
      );
      const { ipvs } = client({ interfaces: { eth0: 1500, 'eth0.7': 1500, eth1: 1500 } }, proc);
      const daemons = (name: string): DesiredState => ({
        services: {},
        daemons: { backup: { interface: name } },
      });
      expect(messages(() => ipvs.plan(daemons('eth0.7')))).to.deep.equal([]);
      expect(messages(() => ipvs.plan(daemons('eth1')))).to.deep.equal([
        'daemons.backup.interface: there is no interface eth1 in this network namespace; did you mean eth0?',
      ]);
    } finally {
      rmSync(proc, { recursive: true });
    }
  });
});

describe('changes of a service that fail', () => {
  it('keep the changes that depend on them from being made', () => {
    const { kernel, ipvs } = client();
    ipvs.addService(WEB, { scheduler: 'rr' });
    ipvs.addDestination(WEB, '10.0.0.1:80');
    const plan = ipvs.plan(state({ scheduler: 'wrr', destinations: { '10.0.0.2:80': {} } }));
    kernel.failNext('SET_SERVICE', 2);
    expect(() => plan.apply()).to.throw('applying again cannot help');
    expect(ipvs.destinations(WEB).map(({ key }) => key)).to.deep.equal(['10.0.0.1:80']);
  });

  it('can be repeated where the kernel was short of memory', () => {
    const { kernel, ipvs } = client();
    const plan = ipvs.plan(state({ destinations: { '10.0.0.2:80': {} } }));
    kernel.failNext('NEW_SERVICE', 12);
    expect(() => plan.apply())
      .to.throw('apply again to finish')
      .with.property('isRetryable', true);
    expect(plan.apply().changes).to.have.length(2);
  });
});

describe('preserve', () => {
  it('leaves the options of an existing service, and not its destinations', () => {
    const { ipvs } = client();
    const desired = state({ preserve: true, scheduler: 'wrr', destinations: { '10.0.0.1:80': {} } });
    ipvs.plan(desired).apply();
    expect(ipvs.service(WEB).scheduler).to.equal('wrr');
    ipvs.setService(WEB, { scheduler: 'sh', flags: ['sh-port'], persistence: { timeout: 5 } });
    expect(ipvs.plan(desired).length).to.equal(0);
    const other = state({ preserve: true, destinations: { '10.0.0.2:80': {} } });
    expect(ipvs.plan(other).changes.map(({ kind }) => kind)).to.deep.equal([
      'addDestination',
      'deleteDestination',
    ]);
  });
});
