import { expect } from 'chai';
import { calls, isArgumentError } from '@ipvs-ts/ipvs';

const WEB = 'tcp:192.0.2.10:80';

/** What is refused before it is sent: the call, the argument that is named, and a part of the sentence. */
const REFUSED: readonly (readonly [() => unknown, path: string, sentence: RegExp])[] = [
  [() => calls.addService(WEB, { scheduler: '' }), 'options.scheduler', /1 to 15 printable/],
  [() => calls.addService(WEB, { scheduler: 'sixteen-letters!' }), 'options.scheduler', /1 to 15/],
  [() => calls.addService(WEB, { scheduler: 'r r' }), 'options.scheduler', /without blanks/],
  [() => calls.addService(WEB, { scheduler: 7 as never }), 'options.scheduler', /not 7/],
  [
    () => calls.addService(WEB, { schedular: 'rr' } as never),
    'options.schedular',
    /options has scheduler, flags/,
  ],
  [() => calls.addService(WEB, null as never), 'options', /an object, not null/],
  [() => calls.addService(WEB, 'x'.repeat(300) as never), 'options', /not "x{199}… \(302 characters\)$/],
  [() => calls.addService(WEB, { onePacket: 'yes' as never }), 'options.onePacket', /a boolean/],
  [() => calls.addService(WEB, { onePacket: true }), 'options.onePacket', /UDP and fwmark/],
  [() => calls.addService('tcp:192.0.2.10:0'), 'service.port', /persistent/],
  [() => calls.addService('tcp:192.0.2.10:0', { persistence: { timeout: 0 } }), 'service.port', /persistent/],
  [() => calls.addService('protocol-41:192.0.2.10:80'), 'service.protocol', /tcp, udp or sctp/],
  [() => calls.addService(WEB, { flags: 'sh-port' as never }), 'options.flags', /an array/],
  [
    () => calls.addService(WEB, { flags: ['sh-prot' as never] }),
    'options.flags[0]',
    /flag-1, flag-2, flag-3, sh-fallback/,
  ],
  [
    () => calls.addService(WEB, { scheduler: 'rr', flags: ['flag-1', 'mh-port'] }),
    'options.flags[1]',
    /mh-port belongs to the scheduler mh/,
  ],
  [
    () => calls.addService(WEB, { persistence: { timeout: -1 } }),
    'options.persistence.timeout',
    /0 to 2678400/,
  ],
  [
    () => calls.addService(WEB, { persistence: { timeout: 2_678_401 } }),
    'options.persistence.timeout',
    /0 to 2678400/,
  ],
  [() => calls.addService(WEB, { persistence: {} as never }), 'options.persistence.timeout', /not undefined/],
  [
    () => calls.addService(WEB, { persistence: { timeout: 1, netmask: 33 } }),
    'options.persistence.netmask',
    /0 to 32/,
  ],
  [
    () => calls.addService(WEB, { persistence: { timeout: 1, netmask: '255.255.0' } }),
    'options.persistence.netmask',
    /dotted mask/,
  ],
  [
    () => calls.addService(WEB, { persistence: { timeout: 1, netmask: '::1' } }),
    'options.persistence.netmask',
    /dotted mask/,
  ],
  [
    () => calls.addService('tcp:[2001:db8::1]:80', { persistence: { timeout: 1, netmask: 0 } }),
    'options.persistence.netmask',
    /1 to 128/,
  ],
  [
    () => calls.addService('fwmark6:1', { persistence: { timeout: 1, netmask: 129 } }),
    'options.persistence.netmask',
    /1 to 128/,
  ],
  [
    () => calls.addService('fwmark6:1', { persistence: { timeout: 1, netmask: '64' } }),
    'options.persistence.netmask',
    /1 to 128/,
  ],
  [
    () => calls.addService(WEB, { persistence: { timeout: 1, engine: '' } }),
    'options.persistence.engine',
    /1 to 16/,
  ],
  [
    () => calls.addDestination(WEB, '10.0.0.1:80', { forwarding: 'nat' as never }),
    'options.forwarding',
    /masq, local, tunnel, route, bypass/,
  ],
  [() => calls.addDestination(WEB, '10.0.0.1:80', { weight: -1 }), 'options.weight', /0 to 2147483647/],
  [() => calls.addDestination(WEB, '10.0.0.1:80', { weight: 2 ** 31 }), 'options.weight', /0 to 2147483647/],
  [() => calls.addDestination(WEB, '10.0.0.1:80', { weight: 1.5 }), 'options.weight', /not 1.5/],
  [
    () => calls.addDestination(WEB, '10.0.0.1:80', { upperThreshold: 2 ** 31 }),
    'options.upperThreshold',
    /0 to 2147483647/,
  ],
  [
    () => calls.addDestination(WEB, '10.0.0.1:80', { upperThreshold: 5, lowerThreshold: 6 }),
    'options.lowerThreshold',
    /at most the upper threshold, which is 5/,
  ],
  [
    () => calls.addDestination(WEB, '10.0.0.1:80', { tunnel: { type: 'gre' } }),
    'options.tunnel',
    /this one has route/,
  ],
  [
    () => calls.addDestination(WEB, '10.0.0.1:80', { forwarding: 'tunnel', tunnel: { type: 'gue' } }),
    'options.tunnel.port',
    /1 to 65535, not 0/,
  ],
  [
    () =>
      calls.addDestination(WEB, '10.0.0.1:80', { forwarding: 'tunnel', tunnel: { type: 'gre', port: 5 } }),
    'options.tunnel.port',
    /only gue/,
  ],
  [
    () =>
      calls.addDestination(WEB, '10.0.0.1:80', {
        forwarding: 'tunnel',
        tunnel: { type: 'gre', checksum: 'remcsum' },
      }),
    'options.tunnel.checksum',
    /gue/,
  ],
  [
    () => calls.addDestination(WEB, '10.0.0.1:80', { forwarding: 'tunnel', tunnel: { checksum: 'csum' } }),
    'options.tunnel.checksum',
    /ipip/,
  ],
  [
    () =>
      calls.addDestination(WEB, '10.0.0.1:80', { forwarding: 'tunnel', tunnel: { type: 'vxlan' as never } }),
    'options.tunnel.type',
    /ipip, gue, gre/,
  ],
  [
    () => calls.addDestination(WEB, '[2001:db8::1]:80'),
    'options.forwarding',
    /ipv6 destination of an ipv4 service needs forwarding tunnel/,
  ],
  [
    () => calls.addDestination('fwmark6:1', '10.0.0.1:80', { forwarding: 'masq' }),
    'options.forwarding',
    /ipv4 destination of an ipv6/,
  ],
  [() => calls.addDestination(WEB, '0.0.0.0:80'), 'destination.address', /unicast/],
  [() => calls.addDestination(WEB, '224.0.0.1:80'), 'destination.address', /unicast/],
  [() => calls.addDestination(WEB, '255.255.255.255:80'), 'destination.address', /unicast/],
  [() => calls.addDestination('fwmark6:1', '[ff02::1]:80'), 'destination.address', /unicast/],
  [() => calls.addDestination('fwmark6:1', '[::]:80'), 'destination.address', /unicast/],
  [() => calls.deleteDestination(WEB, 'nowhere'), 'destination', /10.0.0.11:443/],
  [() => calls.zero('nowhere'), 'service', /tcp:192/],
  [() => calls.setTimeouts({}), 'timeouts', /at least one/],
  [() => calls.setTimeouts({ tcp: -1 }), 'timeouts.tcp', /0 to 2678400/],
  [() => calls.setTimeouts({ upd: 1 } as never), 'timeouts.upd', /tcp, tcpFin, udp/],
  [() => calls.startDaemon({ state: 'slave' as never, interface: 'eth0' }), 'daemon.state', /master, backup/],
  [() => calls.startDaemon({ state: 'master' } as never), 'daemon.interface', /1 to 15/],
  [
    () => calls.startDaemon({ state: 'master', interface: 'a-very-long-name' }),
    'daemon.interface',
    /1 to 15/,
  ],
  [() => calls.startDaemon({ state: 'master', interface: 'eth0', syncId: 256 }), 'daemon.syncId', /0 to 255/],
  [
    () => calls.startDaemon({ state: 'master', interface: 'eth0', maxLength: 65508 }),
    'daemon.maxLength',
    /1 to 65507/,
  ],
  [() => calls.startDaemon({ state: 'master', interface: 'eth0', port: 0 }), 'daemon.port', /1 to 65535/],
  [() => calls.startDaemon({ state: 'master', interface: 'eth0', ttl: 256 }), 'daemon.ttl', /1 to 255/],
  [
    () => calls.startDaemon({ state: 'master', interface: 'eth0', group: '10.0.0.1' }),
    'daemon.group',
    /multicast/,
  ],
  [
    () => calls.startDaemon({ state: 'master', interface: 'eth0', group: '2001:db8::1' }),
    'daemon.group',
    /multicast/,
  ],
  [() => calls.stopDaemon('both' as never), 'daemon.state', /master, backup/],
];

describe('arguments', () => {
  for (const [make, path, sentence] of REFUSED) {
    it(`${String(make).replace(/^\(\) => /, '')}: ${path}`, () => {
      try {
        make();
      } catch (error) {
        if (!isArgumentError(error)) throw error;
        expect(error).to.be.an.instanceOf(Error).with.property('code', 'ERR_IPVS_ARGUMENT');
        expect(['TypeError', 'RangeError']).to.include(error.name);
        expect(error.path).to.equal(path);
        expect(error.message).to.match(sentence);
        expect(error.message).to.contain(path);
        return;
      }
      expect.fail('it was accepted');
    });
  }

  it('are accepted at their limits', () => {
    calls.addService('tcp:192.0.2.10:0', {
      persistence: { timeout: 2_678_400, netmask: 0, engine: 'sixteen-letters!' },
    });
    calls.addService('udp:192.0.2.10:53', { onePacket: true, scheduler: 'fifteen-letters' });
    calls.addService('fwmark:4294967295', { onePacket: true, flags: ['flag-1', 'flag-2', 'flag-3'] });
    calls.addService('tcp:[2001:db8::1]:65535', { persistence: { timeout: 1, netmask: 128 } });
    calls.addDestination(WEB, '10.0.0.1:0', {
      weight: 2_147_483_647,
      upperThreshold: 2_147_483_647,
      lowerThreshold: 2_147_483_647,
    });
    calls.addDestination(WEB, '[2001:db8::1]:80', {
      forwarding: 'tunnel',
      tunnel: { type: 'gue', port: 65535, checksum: 'remcsum' },
    });
    calls.setTimeouts({ tcp: 0, udp: 2_678_400 });
    calls.startDaemon({
      state: 'backup',
      interface: 'fifteen-letters',
      syncId: 255,
      maxLength: 65507,
      port: 65535,
      ttl: 255,
      group: 'ff02::5',
    });
  });
});
