import { IpvsError, type IpvsSync } from '@ipvs-ts/ipvs';
import { scenario, see } from '../scenario.js';

const WEB = 'tcp:10.0.0.1:80';
const code = (work: () => unknown): unknown => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return IpvsError.is(error) ? error.code : String(error);
  }
};
const settings = (ipvs: IpvsSync) => {
  const { key, scheduler, flags, onePacket, persistence = null } = ipvs.service(WEB);
  return { key, scheduler, flags, onePacket, persistence };
};
const weights = (ipvs: IpvsSync) =>
  ipvs.destinations(WEB).map(({ key, forwarding, weight }) => `${key} ${forwarding} ${weight}`);

export const api = [
  scenario('services of the API', (p) =>
    p.api((ipvs) => [
      see(
        'add',
        code(() => ipvs.addService(WEB, { scheduler: 'sh', flags: ['sh-port'] })),
        'ok',
      ),
      see(
        'add again',
        code(() => ipvs.addService(WEB)),
        'ERR_IPVS_SERVICE_EXISTS',
      ),
      see('read', settings(ipvs), {
        key: WEB,
        scheduler: 'sh',
        flags: ['sh-port'],
        onePacket: false,
        persistence: null,
      }),
      see(
        'update',
        code(() => ipvs.updateService(WEB, { persistence: { timeout: 360, netmask: 24, engine: 'sip' } })),
        'ok',
      ),
      see('read', settings(ipvs), {
        key: WEB,
        scheduler: 'sh',
        flags: ['sh-port'],
        onePacket: false,
        persistence: { timeout: 360, netmask: '255.255.255.0', engine: 'sip' },
      }),
      see(
        'set',
        code(() => ipvs.setService(WEB, { scheduler: 'rr' })),
        'ok',
      ),
      see('read', settings(ipvs), {
        key: WEB,
        scheduler: 'rr',
        flags: [],
        onePacket: false,
        persistence: null,
      }),
      see(
        'an unknown scheduler',
        code(() => ipvs.addService('udp:10.0.0.1:53', { scheduler: 'nosuch' })),
        'ERR_IPVS_SCHEDULER_NOT_FOUND',
      ),
      see(
        'a fwmark',
        code(() => ipvs.addService('fwmark6:9')),
        'ok',
      ),
      see(
        'all',
        ipvs
          .services()
          .map(({ key }) => key)
          .sort(),
        ['fwmark6:9', WEB],
      ),
      see(
        'delete',
        code(() => ipvs.deleteService(WEB)),
        'ok',
      ),
      see(
        'delete again',
        code(() => ipvs.deleteService(WEB)),
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ),
      see(
        'destinations of what is gone',
        code(() => ipvs.destinations(WEB)),
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ),
    ]),
  ),

  scenario('destinations of the API', (p) =>
    p.api((ipvs) => [
      see(
        'a service',
        code(() => ipvs.addService(WEB)),
        'ok',
      ),
      see(
        'add',
        code(() => ipvs.addDestination(WEB, '10.1.0.1:80', { forwarding: 'masq' })),
        'ok',
      ),
      see(
        'add again',
        code(() => ipvs.addDestination(WEB, '10.1.0.1:80')),
        'ERR_IPVS_DESTINATION_EXISTS',
      ),
      see(
        'add a tunnel of IPv6',
        code(() =>
          ipvs.addDestination(WEB, '[2001:db8::5]:80', {
            forwarding: 'tunnel',
            tunnel: { type: 'gre', checksum: 'csum' },
          }),
        ),
        'ok',
      ),
      see('list', weights(ipvs), ['[2001:db8::5]:80 tunnel 1', '10.1.0.1:80 masq 1']),
      see(
        'update',
        code(() => ipvs.updateDestination(WEB, '[2001:db8::5]:80', { weight: 0 })),
        'ok',
      ),
      see('the tunnel stays', ipvs.destinations(WEB)[0]?.tunnel, { type: 'gre', port: 0, checksum: 'csum' }),
      see('list', weights(ipvs), ['[2001:db8::5]:80 tunnel 0', '10.1.0.1:80 masq 1']),
      see(
        'set',
        code(() => ipvs.setDestination(WEB, '10.1.0.1:80', { weight: 3 })),
        'ok',
      ),
      see('list', weights(ipvs), ['[2001:db8::5]:80 tunnel 0', '10.1.0.1:80 route 3']),
      see(
        'a daemon beside a mixed service',
        code(() => ipvs.startDaemon({ state: 'master', interface: 'lo' })),
        'ERR_IPVS_INVALID',
      ),
      see(
        'delete',
        code(() => ipvs.deleteDestination(WEB, '[2001:db8::5]:80')),
        'ok',
      ),
      see(
        'delete again',
        code(() => ipvs.deleteDestination(WEB, '[2001:db8::5]:80')),
        'ERR_IPVS_DESTINATION_NOT_FOUND',
      ),
      see(
        'no service',
        code(() => ipvs.addDestination('tcp:10.9.9.9:1', '10.1.0.1:80')),
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ),
      see(
        'the table',
        ipvs.table().map(({ service, destinations }) => [service.key, destinations.map(({ key }) => key)]),
        [[WEB, ['10.1.0.1:80']]],
      ),
      see(
        'flush',
        code(() => ipvs.flush()),
        'ok',
      ),
      see('the table', ipvs.table(), []),
    ]),
  ),

  scenario('the rest of the API', (p) =>
    p.api((ipvs) => [
      see('version', ipvs.info().version, '1.2.1'),
      see('timeouts', [code(() => ipvs.setTimeouts({ tcp: 60 })), ipvs.timeouts().tcp], ['ok', 60]),
      see(
        'zero',
        code(() => ipvs.zero()),
        'ok',
      ),
      see(
        'zero of nothing',
        code(() => ipvs.zero(WEB)),
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ),
      see(
        'an unknown interface',
        code(() => ipvs.startDaemon({ state: 'backup', interface: 'nosuch0' })),
        'ERR_IPVS_INTERFACE_NOT_FOUND',
      ),
      see(
        'a daemon',
        code(() => ipvs.startDaemon({ state: 'backup', interface: 'dum0', syncId: 3, group: 'ff02::81' })),
        'ok',
      ),
      see(
        'again',
        code(() => ipvs.startDaemon({ state: 'backup', interface: 'dum0' })),
        'ERR_IPVS_DAEMON_EXISTS',
      ),
      see('list', ipvs.daemons(), [
        {
          state: 'backup',
          interface: 'dum0',
          syncId: 3,
          maxLength: 1452,
          group: 'ff02::81',
          port: 8848,
          ttl: 1,
        },
      ]),
      // Answered or not: the thread of the daemon may not have run yet.
      see(
        'stop',
        code(() => ipvs.stopDaemon('backup')),
        'ok',
      ),
      see('none', ipvs.daemons(), []),
      see(
        'stop again',
        code(() => ipvs.stopDaemon('backup')),
        'ERR_IPVS_DAEMON_NOT_FOUND',
      ),
    ]),
  ),
];
