import { expect } from 'chai';
import { LITTLE_ENDIAN } from '@ipvs-ts/netlink';
import { type Call, calls } from '@ipvs-ts/ipvs';
import { ACK, plain, recorded, requestOf, WEB, WEB6 } from './encoded.js';
import { hexOf, RECORDINGS } from './recordings.js';

/** Calls whose request is, byte for byte but for the nested flag, one that was recorded with a real kernel. */
const RECORDED: Readonly<Record<string, Call>> = {
  'get-info': calls.info(),
  'get-config': calls.timeouts(),
  'set-config-all': calls.setTimeouts({ tcp: 800, tcpFin: 100, udp: 200 }),
  'set-config-one': calls.setTimeouts({ udp: 300 }),
  'set-config-zero': calls.setTimeouts({ tcp: 0, tcpFin: 0, udp: 0 }),
  'dump-services': calls.services(),
  'new-service-tcp-v4': calls.addService(WEB, { scheduler: 'rr' }),
  'get-service-tcp-v4': calls.service(WEB),
  'new-service-sctp-v4': calls.addService('sctp:10.0.0.1:2905', { scheduler: 'wrr' }),
  'new-service-tcp-v6': calls.addService(WEB6, { scheduler: 'lc' }),
  'get-service-tcp-v6': calls.service(WEB6),
  'new-service-fwmark-v4': calls.addService('fwmark:7', {
    scheduler: 'sh',
    flags: ['sh-fallback', 'sh-port'],
  }),
  'get-service-fwmark-v4': calls.service('fwmark:7'),
  'new-service-persistent': calls.addService('tcp:10.0.0.2:443', {
    scheduler: 'rr',
    persistence: { timeout: 360, netmask: 24 },
  }),
  'new-service-persistent-v6': calls.addService('tcp:[2001:db8::2]:443', {
    scheduler: 'rr',
    persistence: { timeout: 300, netmask: 64 },
  }),
  'new-service-ops': calls.addService('udp:10.0.0.3:5060', { scheduler: 'rr', onePacket: true }),
  'new-service-pe-sip': calls.addService('udp:10.0.0.4:5060', {
    scheduler: 'rr',
    persistence: { timeout: 300, engine: 'sip' },
  }),
  'new-service-sched-none': calls.addService('tcp:10.0.0.5:80', { scheduler: 'none' }),
  'set-service-sched': calls.setService(WEB, { scheduler: 'wlc', persistence: { timeout: 60 } }),
  'del-service-esrch': calls.deleteService('tcp:10.9.9.9:80'),
  'dump-dests': calls.destinations(WEB),
  'dump-dests-v6': calls.destinations(WEB6),
  'del-dest': calls.deleteDestination(WEB, '10.1.0.1:8080'),
  'del-dest-mixed': calls.deleteDestination(WEB, '[2001:db8:1::1]:80'),
  'dump-daemons': calls.daemons(),
  'new-daemon-master': calls.startDaemon({ state: 'master', interface: 'dum0', syncId: 5 }),
  'new-daemon-v6': calls.startDaemon({ state: 'backup', interface: 'dum0', syncId: 7, group: 'ff02::81' }),
  'del-daemon-backup': calls.stopDaemon('backup'),
  'zero-service': calls.zero(WEB),
  'zero-all': calls.zero(),
  flush: calls.flush(),
};

describe('requests of the API and recorded ones', () => {
  for (const [name, call] of Object.entries(RECORDED)) {
    it(name, () => {
      const hex = RECORDINGS.find((recording) => recording.name === name)?.request?.hex ?? '';
      const due = recorded(hex);
      const flags = new DataView(due.buffer).getUint16(6, LITTLE_ENDIAN) & ACK;
      expect(hexOf(plain(requestOf(call, flags)))).to.equal(hexOf(due));
    });
  }
});
