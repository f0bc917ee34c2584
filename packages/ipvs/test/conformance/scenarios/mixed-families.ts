import { daemon, destination, ip, service } from '../attributes.js';
import { D1, D6, ID_TCP, ID_TCP6, MASQ, NEW_TCP, NEW_TCP6, RR, TCP } from '../samples.js';
import { scenario, see } from '../scenario.js';

const TUNNEL = { ...MASQ, forwarding: 2 };

export const mixedFamilies = [
  scenario('destinations of the other address family', (p) => [
    see('services', [p.do('newService', NEW_TCP), p.do('newService', NEW_TCP6)], ['ok', 'ok']),
    ...[0, 1, 3, 4].map((forwarding) =>
      see(
        `IPv6 in IPv4 with forwarding ${forwarding}`,
        p.do('newDestination', ID_TCP, destination({ ...D6, ...MASQ, forwarding })),
        'EINVAL',
      ),
    ),
    see('IPv6 in IPv4 as a tunnel', p.do('newDestination', ID_TCP, destination({ ...D6, ...TUNNEL })), 'ok'),
    see('IPv4 in IPv6 as a tunnel', p.do('newDestination', ID_TCP6, destination({ ...D1, ...TUNNEL })), 'ok'),
    see('the reply names the family', p.dump('dumpDestinations', [ID_TCP], 'family', 'address'), [
      [10, '20010db8000100000000000000000001'],
    ]),
    see('… and the other way round', p.dump('dumpDestinations', [ID_TCP6], 'family', 'address'), [
      [2, '0a010001000000000000000000000000'],
    ]),
    see(
      'SET as a tunnel',
      p.do('setDestination', ID_TCP, destination({ ...D6, ...TUNNEL, weight: 5 })),
      'ok',
    ),
    see('SET away from it', p.do('setDestination', ID_TCP, destination({ ...D6, ...MASQ })), 'EINVAL'),
    see(
      'a missing one, not as a tunnel',
      p.do('setDestination', ID_TCP, destination({ ...D6, ...MASQ, port: 9 })),
      'EINVAL',
    ),
    see(
      'a sync daemon cannot run beside it',
      p.do('newDaemon', daemon({ state: 1, interface: 'lo', syncId: 1 })),
      'EINVAL',
    ),
    see(
      '… not even on no interface',
      p.do('newDaemon', daemon({ state: 1, interface: 'nosuch0', syncId: 1 })),
      'EINVAL',
    ),
    see(
      'DEL without ADDR_FAMILY',
      p.do('deleteDestination', ID_TCP, destination({ address: D6.address, port: 80 })),
      'ENOENT',
    ),
    see('DEL', p.do('deleteDestination', ID_TCP, destination(D6)), 'ok'),
    see('DEL of the other one', p.do('deleteDestination', ID_TCP6, destination(D1)), 'ok'),
    see('now a daemon can run', p.do('newDaemon', daemon({ state: 1, interface: 'lo', syncId: 1 })), 'ok'),
    see(
      'and no mixed destination',
      p.do('newDestination', ID_TCP, destination({ ...D6, ...TUNNEL })),
      'EINVAL',
    ),
    see(
      '… whatever else is wrong',
      p.do('newDestination', ID_TCP, destination({ ...D6, ...TUNNEL, weight: 0xffff_ffff })),
      'EINVAL',
    ),
    see('DEL is allowed to look', p.do('deleteDestination', ID_TCP, destination(D6)), 'ENOENT'),
  ]),

  scenario('a fwmark service and both families', (p) => [
    see('fwmark 7', p.do('newService', service({ family: 2, fwmark: 7, ...RR })), 'ok'),
    see(
      'an IPv4 destination',
      p.do('newDestination', service({ family: 2, fwmark: 7 }), destination({ ...D1, ...MASQ, port: 0 })),
      'ok',
    ),
    see(
      'an IPv6 destination',
      p.do('newDestination', service({ family: 2, fwmark: 7 }), destination({ ...D6, ...TUNNEL, port: 0 })),
      'ok',
    ),
    see(
      'FLUSH frees daemons',
      [p.do('flush'), p.do('newDaemon', daemon({ state: 1, interface: 'lo', syncId: 1 }))],
      ['ok', 'ok'],
    ),
    see(
      'an address of the other family in a service',
      p.do('newService', service({ ...TCP, ...RR, address: ip('2001:db8::1') })),
      'ok',
    ),
    see(
      '… counts by its first four bytes',
      p.service({ ...TCP, address: ip('32.1.13.184') }, 'address'),
      '20010db8000000000000000000000000',
    ),
  ]),
];
