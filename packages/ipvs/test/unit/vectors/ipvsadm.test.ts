import { expect } from 'chai';
import { type Call, calls } from '@ipvs-ts/ipvs';
import { attributeOf, decoded, identity, recorded, requestOf, WEB, WEB6 } from './encoded.js';
import { hexOf, IPVSADM } from './recordings.js';

/** Calls whose request is, byte for byte, that of an ipvsadm command (family id, sequence number and port id aside). */
const SAME: Readonly<Record<string, Call>> = {
  '-A -t 10.0.0.1:80 -s rr': calls.addService(WEB, { scheduler: 'rr' }),
  '-A -u 10.0.0.1:53': calls.addService('udp:10.0.0.1:53'),
  '-A --sctp-service 10.0.0.1:2905 -s wrr': calls.addService('sctp:10.0.0.1:2905', { scheduler: 'wrr' }),
  '-A -t [2001:db8::1]:443 -s lc': calls.addService(WEB6, { scheduler: 'lc' }),
  '-A -f 7 -s sh -b sh-fallback,sh-port': calls.addService('fwmark:7', {
    scheduler: 'sh',
    flags: ['sh-fallback', 'sh-port'],
  }),
  '-A -f 7 -6 -s mh -b mh-fallback': calls.addService('fwmark6:7', {
    scheduler: 'mh',
    flags: ['mh-fallback'],
  }),
  '-A -t 10.0.0.2:443 -s rr -p 360 -M 255.255.255.0': calls.addService('tcp:10.0.0.2:443', {
    scheduler: 'rr',
    persistence: { timeout: 360, netmask: '255.255.255.0' },
  }),
  '-A -t [2001:db8::2]:443 -s rr -p -M 64': calls.addService('tcp:[2001:db8::2]:443', {
    scheduler: 'rr',
    persistence: { timeout: 360, netmask: 64 },
  }),
  '-A -u 10.0.0.3:5060 -s rr -o': calls.addService('udp:10.0.0.3:5060', { scheduler: 'rr', onePacket: true }),
  '-A -u 10.0.0.4:5060 -s rr -p --pe sip': calls.addService('udp:10.0.0.4:5060', {
    scheduler: 'rr',
    persistence: { timeout: 360, engine: 'sip' },
  }),
  '-E -t 10.0.0.1:80 -s wlc -p 60': calls.setService(WEB, { scheduler: 'wlc', persistence: { timeout: 60 } }),
  '-Z': calls.zero(),
  '-C': calls.flush(),
  '-l --timeout': calls.timeouts(),
  '-l --daemon': calls.daemons(),
  '--set 900 120 300': calls.setTimeouts({ tcp: 900, tcpFin: 120, udp: 300 }),
  '--set 0 0 200': calls.setTimeouts({ tcp: 0, tcpFin: 0, udp: 200 }),
  '--start-daemon master --mcast-interface dum0 --syncid 5': calls.startDaemon({
    state: 'master',
    interface: 'dum0',
    syncId: 5,
  }),
};

/** Calls that send the same DEST byte for byte, and of SERVICE only what identifies it. */
const SAME_DESTINATION: Readonly<Record<string, Call>> = {
  '-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m': calls.addDestination(WEB, '10.1.0.1:8080', { forwarding: 'masq' }),
  '-a -t 10.0.0.1:80 -r 10.1.0.2:80 -i -w 2 -x 1000 -y 500': calls.addDestination(WEB, '10.1.0.2:80', {
    forwarding: 'tunnel',
    weight: 2,
    upperThreshold: 1000,
    lowerThreshold: 500,
  }),
  '-a -t 10.0.0.1:80 -r 10.1.0.3:80 -i --tun-type gue --tun-port 6080 --tun-nocsum': calls.addDestination(
    WEB,
    '10.1.0.3:80',
    {
      forwarding: 'tunnel',
      tunnel: { type: 'gue', port: 6080 },
    },
  ),
  '-a -t 10.0.0.1:80 -r 10.1.0.4:80 -i --tun-type gue --tun-port 6081 --tun-remcsum': calls.addDestination(
    WEB,
    '10.1.0.4:80',
    {
      forwarding: 'tunnel',
      tunnel: { type: 'gue', port: 6081, checksum: 'remcsum' },
    },
  ),
  '-a -t 10.0.0.1:80 -r 10.1.0.5:80 -i --tun-type gre --tun-csum': calls.addDestination(WEB, '10.1.0.5:80', {
    forwarding: 'tunnel',
    tunnel: { type: 'gre', checksum: 'csum' },
  }),
  '-a -t 10.0.0.1:80 -r 10.1.0.6 -g -w 0': calls.addDestination(WEB, '10.1.0.6:80', { weight: 0 }),
  '-a -t 10.0.0.1:80 -r [2001:db8:1::1]:80 -i': calls.addDestination(WEB, '[2001:db8:1::1]:80', {
    forwarding: 'tunnel',
  }),
  '-a -t [2001:db8::1]:443 -r [2001:db8:1::1]:443 -m': calls.addDestination(WEB6, '[2001:db8:1::1]:443', {
    forwarding: 'masq',
  }),
  '-a -f 7 -r 10.1.0.1 -g': calls.addDestination('fwmark:7', '10.1.0.1:0'),
  '-e -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 5': calls.setDestination(WEB, '10.1.0.1:8080', {
    forwarding: 'masq',
    weight: 5,
  }),
};

/** Calls for which ipvsadm sends more than the kernel reads: the identities are the same. */
const SAME_IDENTITY: Readonly<Record<string, Call>> = {
  '-d -t 10.0.0.1:80 -r 10.1.0.1:8080': calls.deleteDestination(WEB, '10.1.0.1:8080'),
  '-d -t 10.0.0.1:80 -r [2001:db8:1::1]:80': calls.deleteDestination(WEB, '[2001:db8:1::1]:80'),
  '-Z -t 10.0.0.1:80': calls.zero(WEB),
  '-D -t 10.0.0.1:80': calls.deleteService(WEB),
  '-D -f 7 -6': calls.deleteService('fwmark6:7'),
};

/** The options of the daemons are compared as values, since their order differs. */
const SAME_DAEMON: Readonly<Record<string, Call>> = {
  '--start-daemon backup --mcast-interface dum0 --syncid 6 --sync-maxlen 1000 --mcast-group 224.0.0.90 --mcast-port 9000 --mcast-ttl 3':
    calls.startDaemon({
      state: 'backup',
      interface: 'dum0',
      syncId: 6,
      maxLength: 1000,
      group: '224.0.0.90',
      port: 9000,
      ttl: 3,
    }),
};

/** The kernel reads STATE only. */
const SAME_STATE: Readonly<Record<string, Call>> = {
  '--stop-daemon master': calls.stopDaemon('master'),
  '--stop-daemon backup': calls.stopDaemon('backup'),
};

/** The last request of an ipvsadm command: GET_INFO comes before it. */
function ipvsadm(command: string): Uint8Array {
  const found = IPVSADM.find((traced) => traced.command === `ipvsadm ${command}`);
  return recorded(found?.requests.at(-1)?.hex ?? '');
}

describe('requests of the API and of ipvsadm 1.31', () => {
  for (const [command, call] of Object.entries(SAME)) {
    it(`${command}: the same bytes`, () => {
      expect(hexOf(requestOf(call))).to.equal(hexOf(ipvsadm(command)));
    });
  }

  for (const [command, call] of Object.entries(SAME_DESTINATION)) {
    it(`${command}: the same bytes of DEST, the same service`, () => {
      const [ours, theirs] = [requestOf(call), ipvsadm(command)];
      expect(hexOf(ours.subarray(4, 20))).to.equal(hexOf(theirs.subarray(4, 20)));
      expect(attributeOf(ours, 2)).to.equal(attributeOf(theirs, 2));
      expect(identity(ours)).to.deep.equal(identity(theirs));
    });
  }

  for (const [command, call] of Object.entries(SAME_IDENTITY)) {
    it(`${command}: the same service and destination`, () => {
      const [ours, theirs] = [requestOf(call), ipvsadm(command)];
      expect(hexOf(ours.subarray(4, 20))).to.equal(hexOf(theirs.subarray(4, 20)));
      expect(identity(ours)).to.deep.equal(identity(theirs));
      const { family, address, port } = decoded(theirs).destination ?? {};
      expect(decoded(ours).destination ?? {}).to.deep.equal(
        family === undefined ? {} : { family, address, port },
      );
    });
  }

  for (const [command, call] of Object.entries(SAME_DAEMON)) {
    it(`${command}: the same values`, () => {
      const [ours, theirs] = [requestOf(call), ipvsadm(command)];
      expect(hexOf(ours.subarray(0, 20))).to.equal(hexOf(theirs.subarray(0, 20)));
      expect(decoded(ours)).to.deep.equal(decoded(theirs));
    });
  }

  for (const [command, call] of Object.entries(SAME_STATE)) {
    it(`${command}: the same state`, () => {
      const [ours, theirs] = [requestOf(call), ipvsadm(command)];
      expect(hexOf(ours.subarray(4, 20))).to.equal(hexOf(theirs.subarray(4, 20)));
      expect(decoded(ours).daemon).to.deep.equal({ state: decoded(theirs).daemon?.state });
    });
  }

  it('a listing: the same GET_INFO, GET_SERVICE and GET_DEST', () => {
    const traced = IPVSADM.find(({ command }) => command === 'ipvsadm -ln');
    const requests = (traced?.requests ?? []).map(({ hex }) => hexOf(recorded(hex)));
    const ours = [calls.info(), calls.services(), calls.destinations(WEB)].map((call) =>
      hexOf(requestOf(call)),
    );
    expect(requests.slice(0, 2)).to.deep.equal(ours.slice(0, 2));
    expect(requests).to.include(ours[2]);
  });

  it('every traced command was compared', () => {
    const compared = [SAME, SAME_DESTINATION, SAME_IDENTITY, SAME_DAEMON, SAME_STATE].flatMap(Object.keys);
    const rest = IPVSADM.map(({ command }) => command.replace('ipvsadm ', '')).filter(
      (each) => !compared.includes(each),
    );
    // The listings, above and of one service.
    expect(rest).to.deep.equal(['-ln', '-ln -t 10.0.0.1:80']);
  });
});
