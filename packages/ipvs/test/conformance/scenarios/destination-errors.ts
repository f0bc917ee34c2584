import {
  destination,
  type DestinationValues,
  encode,
  DESTINATION,
  ip,
  nest,
  raw,
  service,
} from '../attributes.js';
import { D1, ID_TCP, MASQ, masq, NEW_TCP, NONE } from '../samples.js';
import { scenario, see } from '../scenario.js';
import type { Probe } from '../probe.js';

const add = (p: Probe, values: DestinationValues, of = ID_TCP) =>
  p.do('newDestination', of, destination({ ...MASQ, ...values }));
const list = (p: Probe, ...fields: readonly string[]) => p.dump('dumpDestinations', [ID_TCP], ...fields);
const first = (p: Probe, ...fields: readonly string[]) => list(p, ...fields)[0];

export const destinationErrors = [
  scenario('what a destination must have', (p) => {
    const without = (...names: readonly (keyof DestinationValues)[]) => {
      const all = { ...D1, ...MASQ };
      return destination(
        Object.fromEntries(
          Object.entries(all).filter(([name]) => !names.includes(name as keyof DestinationValues)),
        ),
      );
    };
    return [
      see('a service', p.do('newService', NEW_TCP), 'ok'),
      see('no DEST', p.do('newDestination', ID_TCP), 'EINVAL'),
      ...(['address', 'port', 'forwarding', 'weight', 'upperThreshold', 'lowerThreshold'] as const).map(
        (name) => see(`NEW without ${name}`, p.do('newDestination', ID_TCP, without(name)), 'EINVAL'),
      ),
      see('nothing was made', list(p), []),
      see('NEW', p.do('newDestination', ID_TCP, without('family')), 'ok'),
      ...(['forwarding', 'weight', 'upperThreshold', 'lowerThreshold'] as const).map((name) =>
        see(`SET without ${name}`, p.do('setDestination', ID_TCP, without(name)), 'EINVAL'),
      ),
      see('DEL without an address', p.do('deleteDestination', ID_TCP, without('address')), 'EINVAL'),
      see('DEL without a port', p.do('deleteDestination', ID_TCP, without('port')), 'EINVAL'),
      see('DEL by the identity', p.do('deleteDestination', ID_TCP, destination(D1)), 'ok'),
    ];
  }),

  scenario('attributes of other sizes in a destination', (p) => {
    const setRaw = (number: number, hex: string) =>
      p.do('setDestination', ID_TCP, destination({ ...D1, ...MASQ }, raw(number, hex)));
    const widths = [
      ['PORT', 2, 2],
      ['FWD_METHOD', 3, 4],
      ['WEIGHT', 4, 4],
      ['U_THRESH', 5, 4],
      ['L_THRESH', 6, 4],
      ['ACTIVE_CONNS', 7, 4],
      ['INACT_CONNS', 8, 4],
      ['PERSIST_CONNS', 9, 4],
      ['ADDR_FAMILY', 11, 2],
      ['TUN_TYPE', 13, 1],
      ['TUN_PORT', 14, 2],
      ['TUN_FLAGS', 15, 2],
    ] as const;
    return [
      see('a service and a destination', [p.do('newService', NEW_TCP), add(p, D1)], ['ok', 'ok']),
      ...widths.map(([name, number, width]) =>
        see(`${name} one byte short`, setRaw(number, '00'.repeat(width - 1)), 'EINVAL'),
      ),
      see('ADDR of 17 bytes', setRaw(1, '0a'.repeat(17)), 'EINVAL'),
      see('WEIGHT of 8 bytes', [setRaw(4, '0500000009090909'), first(p, 'weight')], ['ok', 5]),
      see('TUN_TYPE of 4 bytes', [setRaw(13, '02070707'), first(p, 'tunnelType')], ['ok', 2]),
      see('TUN_PORT is big-endian', [setRaw(14, '1f90'), first(p, 'tunnelPort')], ['ok', 8080]),
      see('the last of two', [setRaw(4, '08000000'), first(p, 'weight')], ['ok', 8]),
      see('unknown ones', setRaw(99, '01'), 'ok'),
      see('STATS of one byte', setRaw(10, '01'), 'EINVAL'),
      see('STATS64 of one byte', setRaw(12, '01'), 'ok'),
      see(
        'junk at the end of the nest',
        p.do('setDestination', ID_TCP, nest(2, encode(DESTINATION, { ...D1, ...MASQ }), Uint8Array.of(1, 2))),
        'ok',
      ),
    ];
  }),

  scenario('which error of a destination wins', (p) => {
    const bad = { ...D1, ...MASQ, weight: 0xffff_ffff };
    return [
      see('a service', p.do('newService', NEW_TCP), 'ok'),
      see('a missing service before a missing DEST', p.do('newDestination', service(NONE)), 'ESRCH'),
      see(
        'a missing service before a bad DEST',
        p.do('setDestination', service(NONE), destination({ ...bad, family: 1 })),
        'ESRCH',
      ),
      see(
        'a missing weight before the address family',
        p.do('newDestination', ID_TCP, destination({ ...D1, family: 1 })),
        'EINVAL',
      ),
      see(
        'the address family before the weight',
        p.do('newDestination', ID_TCP, destination({ ...bad, family: 1 })),
        'EAFNOSUPPORT',
      ),
      see(
        'the address family for DEL',
        p.do('deleteDestination', ID_TCP, destination({ ...D1, family: 1 })),
        'EAFNOSUPPORT',
      ),
      see(
        'the mixed family before the weight',
        p.do('newDestination', ID_TCP, destination({ ...bad, family: 10 })),
        'EINVAL',
      ),
      see(
        'the weight before the thresholds',
        p.do('newDestination', ID_TCP, destination({ ...bad, lowerThreshold: 1, tunnelType: 1 })),
        'ERANGE',
      ),
      see(
        'the thresholds before the tunnel',
        p.do('newDestination', ID_TCP, destination({ ...bad, weight: 1, lowerThreshold: 1, tunnelType: 1 })),
        'ERANGE',
      ),
      see(
        'the tunnel before absence',
        p.do('setDestination', ID_TCP, destination({ ...D1, ...MASQ, tunnelType: 1 })),
        'EINVAL',
      ),
      see('the weight before absence', p.do('setDestination', ID_TCP, destination(bad)), 'ERANGE'),
      see('NEW', add(p, D1), 'ok'),
      see('the weight before existence', p.do('newDestination', ID_TCP, destination(bad)), 'ERANGE'),
      see(
        'the weight before the address',
        p.do('newDestination', ID_TCP, destination({ ...bad, address: ip('224.0.0.1') })),
        'ERANGE',
      ),
      see(
        'SET does not look at the address',
        p.do('setDestination', ID_TCP, masq(1, { address: ip('224.0.0.1') })),
        'ENOENT',
      ),
      see('DEL does not look at the weight', p.do('deleteDestination', ID_TCP, destination(bad)), 'ok'),
    ];
  }),
];
