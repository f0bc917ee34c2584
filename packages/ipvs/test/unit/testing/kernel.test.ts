import { expect } from 'chai';
import { NetlinkClientSync, NetlinkError } from '@ipvs-ts/netlink';
import { calls, Ipvs, IpvsError, IpvsSync } from '@ipvs-ts/ipvs';
import {
  doubleTransport,
  doubleTransportSync,
  IpvsKernel,
  type IpvsKernelOptions,
  OVERRUN,
} from '@ipvs-ts/ipvs/testing';

const WEB = 'tcp:192.0.2.10:80';

function open(kernel: IpvsKernel, options: { autoload?: boolean } = {}): IpvsSync {
  return IpvsSync.open({ transport: doubleTransportSync(kernel), ...options });
}

function opened(options: IpvsKernelOptions = {}): { kernel: IpvsKernel; ipvs: IpvsSync } {
  const kernel = new IpvsKernel(options);
  return { kernel, ipvs: open(kernel) };
}

/** The code of the IpvsError that `work` throws. */
function code(work: () => unknown): string {
  try {
    work();
    return 'nothing thrown';
  } catch (error) {
    return IpvsError.is(error) ? error.code : String(error);
  }
}

describe('IpvsKernel', () => {
  it('serves the asynchronous face', async () => {
    const kernel = new IpvsKernel({ kernel: '6.12' });
    await using ipvs = await Ipvs.open({ transport: doubleTransport(kernel) });
    await ipvs.addService(WEB, { scheduler: 'rr' });
    await ipvs.addDestination(WEB, '10.0.0.1:80', { forwarding: 'masq' });
    const [entry] = await ipvs.table();
    expect(entry?.service).to.include({ key: WEB, scheduler: 'rr' });
    expect(entry?.destinations.map(({ key }) => key)).to.deep.equal(['10.0.0.1:80']);
    const outcomes = await ipvs.batch([calls.addService(WEB), calls.deleteService(WEB)]);
    expect(outcomes.map(({ ok }) => ok)).to.deep.equal([false, true]);
  });

  it('serves several clients, one after the other, from one state', () => {
    const { kernel, ipvs } = opened();
    ipvs.addService(WEB);
    expect(open(kernel).services().length).to.equal(1);
  });

  describe('the module', () => {
    it('is loaded by the look-up', () => {
      const kernel = new IpvsKernel({ module: 'unloaded' });
      expect(kernel.familyId).to.equal(undefined);
      open(kernel).close();
      expect(kernel.familyId).to.equal(32);
    });

    it('is not loaded by a list of families', () => {
      const kernel = new IpvsKernel({ module: 'unloaded' });
      expect(code(() => open(kernel, { autoload: false }))).to.equal('ERR_IPVS_UNAVAILABLE');
      expect(kernel.familyId).to.equal(undefined);
      kernel.modprobe();
      expect(open(kernel, { autoload: false }).services()).to.deep.equal([]);
    });

    it('needs modprobe on 5.10', () => {
      const kernel = new IpvsKernel({ kernel: '5.10', module: 'unloaded' });
      expect(code(() => open(kernel))).to.equal('ERR_IPVS_UNAVAILABLE');
      expect(kernel.modprobe()).to.equal(true);
      expect(open(kernel).info().version).to.equal('1.2.1');
    });

    it('may be absent', () => {
      const kernel = new IpvsKernel({ module: 'absent' });
      expect(kernel.modprobe()).to.equal(false);
      expect(code(() => open(kernel))).to.equal('ERR_IPVS_UNAVAILABLE');
    });

    it('gets another number when it is loaded again, and forgets everything', () => {
      const { kernel, ipvs } = opened();
      ipvs.addService(WEB);
      ipvs.setTimeouts({ tcp: 7 });
      kernel.reload();
      expect(kernel.familyId).to.equal(33);
      expect(ipvs.services()).to.deep.equal([]);
      expect(ipvs.timeouts().tcp).to.equal(900);
    });

    it('cannot be loaded again where it is not loaded', () => {
      const kernel = new IpvsKernel({ module: 'unloaded' });
      expect(() => kernel.reload()).to.throw(TypeError);
      expect(() => kernel.count(WEB, undefined, {})).to.throw(TypeError);
    });
  });

  it('refuses callers without the privilege', () => {
    const kernel = new IpvsKernel({ permission: false });
    expect(code(() => open(kernel))).to.be.oneOf(['ERR_IPVS_PERMISSION', 'ERR_IPVS_USER_NAMESPACE']);
    expect(kernel.requests.map(({ operation, errno }) => [operation, errno])).to.deep.equal([
      ['GETFAMILY', 0],
      ['GET_INFO', 1],
    ]);
  });

  it('may lack IPv6', () => {
    const { ipvs } = opened({ ipv6: false });
    ipvs.addService(WEB);
    const unsupported = 'ERR_IPVS_FAMILY_UNSUPPORTED';
    expect(code(() => ipvs.addService('tcp:[2001:db8::1]:80'))).to.equal(unsupported);
    expect(code(() => ipvs.service('fwmark6:1'))).to.equal(unsupported);
    expect(code(() => ipvs.addDestination(WEB, '[2001:db8::1]:80', { forwarding: 'tunnel' }))).to.equal(
      unsupported,
    );
    expect(code(() => ipvs.startDaemon({ state: 'master', interface: 'lo', group: 'ff02::81' }))).to.equal(
      unsupported,
    );
    expect(ipvs.services().length).to.equal(1);
  });

  it('has the schedulers, engines and interfaces of its options', () => {
    const { ipvs } = opened({ schedulers: ['own'], engines: [], interfaces: { eth7: 9000 } });
    ipvs.addService(WEB, { scheduler: 'own' });
    expect(code(() => ipvs.setService(WEB, { scheduler: 'rr' }))).to.equal('ERR_IPVS_SCHEDULER_NOT_FOUND');
    ipvs.startDaemon({ state: 'backup', interface: 'eth7' });
    expect(ipvs.daemons()[0]?.maxLength).to.equal(9000 - 28);
    expect(code(() => ipvs.startDaemon({ state: 'master', interface: 'lo' }))).to.equal(
      'ERR_IPVS_INTERFACE_NOT_FOUND',
    );
  });

  it('counts timeouts in ticks', () => {
    const { ipvs } = opened({ hz: 1_000_000 });
    ipvs.addService(WEB, { persistence: { timeout: 4294 } });
    expect(ipvs.service(WEB).persistence?.timeout).to.equal(4294);
    ipvs.setService(WEB, { persistence: { timeout: 4295 } });
    expect(ipvs.service(WEB).persistence?.timeout).to.equal(0);
  });

  it('may lose the answer of a daemon that it stops', () => {
    const { kernel, ipvs } = opened({ loseDaemonAnswers: true });
    ipvs.startDaemon({ state: 'master', interface: 'eth0' });
    ipvs.stopDaemon('master');
    expect(ipvs.daemons()).to.deep.equal([]);
    const sync = IpvsSync.open({ transport: doubleTransportSync(kernel) });
    sync.startDaemon({ state: 'backup', interface: 'eth0' });
    expect(code(() => sync.call(calls.stopDaemon('backup')))).to.equal('ERR_IPVS_NETLINK');
  });

  describe('faults', () => {
    it('occur once, in order, for their operation only', () => {
      const { kernel, ipvs } = opened();
      kernel.failNext('NEW_SERVICE', 12);
      kernel.failNext('NEW_SERVICE', 92);
      ipvs.flush();
      expect(code(() => ipvs.addService(WEB))).to.equal('ERR_IPVS_KERNEL');
      expect(code(() => ipvs.addService(WEB))).to.equal('ERR_IPVS_MODULE_LEAVING');
      ipvs.addService(WEB);
      kernel.failNext('GET_SERVICE', 16);
      expect(code(() => ipvs.services())).to.equal('ERR_IPVS_KERNEL');
      expect(ipvs.services().length).to.equal(1);
    });

    it('are refused for operations that do not exist', () => {
      const kernel = new IpvsKernel();
      expect(() => kernel.failNext('NEW_SERVER', 12)).to.throw(
        TypeError,
        'NEW_SERVER is none of NEW_SERVICE',
      );
      expect(() => kernel.failNext('NEW_SERVICE', -12)).to.throw(RangeError);
    });

    it('lose answers of requests that were executed', () => {
      const { kernel, ipvs } = opened();
      kernel.overrunNext();
      expect(code(() => ipvs.addService(WEB))).to.equal('ERR_IPVS_NETLINK');
      expect(ipvs.services().length).to.equal(1);
      kernel.overrunNext(1);
      ipvs.zero();
      expect(code(() => ipvs.services())).to.equal('ERR_IPVS_NETLINK');
      expect(ipvs.services().length).to.equal(1);
    });

    it('report the loss before the remaining answers', () => {
      const { kernel, ipvs } = opened();
      ipvs.addService(WEB);
      kernel.overrunNext(1);
      const dump = kernel.requests.length;
      expect(code(() => ipvs.services())).to.equal('ERR_IPVS_NETLINK');
      const request = kernel.requests[dump];
      expect(request).to.include({ operation: 'GET_SERVICE', mode: 'dump', errno: 0 });
      kernel.overrunNext(1);
      const answers = kernel.handle(request?.bytes ?? new Uint8Array());
      expect(answers.map((answer) => answer === OVERRUN)).to.deep.equal([true, false]);
    });
  });

  it('remembers its requests', () => {
    const { kernel, ipvs } = opened();
    kernel.requests.length = 0;
    ipvs.addService(WEB, { scheduler: 'rr' });
    expect(code(() => ipvs.addService(WEB))).to.equal('ERR_IPVS_SERVICE_EXISTS');
    expect(kernel.requests.map(({ operation, mode, errno }) => [operation, mode, errno])).to.deep.equal([
      ['NEW_SERVICE', 'do', 0],
      ['NEW_SERVICE', 'do', 17],
    ]);
    expect(kernel.requests[0]?.values?.service).to.include({ family: 2, port: 80, scheduler: 'rr' });
  });

  it('refuses a send of nothing', () => {
    expect(() => new IpvsKernel().handle(new Uint8Array())).to.throw(NetlinkError, 'ENODATA');
  });

  it('describes the controller', () => {
    const client = new NetlinkClientSync(doubleTransportSync(new IpvsKernel()));
    expect(client.family('nlctrl').id).to.equal(16);
    expect(() => client.family('NOPE')).to.throw(NetlinkError, 'no generic netlink family NOPE');
  });
});
