import { destination, ip } from '../attributes.js';
import { D1, D6, ID_TCP, ID_TCP6, MASQ, masq, NEW_TCP, NEW_TCP6 } from '../samples.js';
import { IpvsError } from '@ipvs-ts/ipvs';
import { type Scenario, scenario, see } from '../scenario.js';

const messageOf = (work: () => unknown): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return IpvsError.is(error) ? error.message : String(error);
  }
};

const bare = (title: string, run: Scenario['run']): Scenario => ({
  ...scenario(title, run),
  namespace: 'bare',
});

/** Without a local routing table the kernel takes every IPv4 address for a broadcast address. */
export const bareNamespace = [
  bare('destinations in a namespace that has never had an address', (p) => [
    see('services', [p.do('newService', NEW_TCP), p.do('newService', NEW_TCP6)], ['ok', 'ok']),
    ...[0, 1, 2, 3, 4].map((forwarding) =>
      see(
        `IPv4 with forwarding ${forwarding}`,
        p.do('newDestination', ID_TCP, masq(1, { forwarding })),
        'EINVAL',
      ),
    ),
    see('its own address', p.do('newDestination', ID_TCP, masq(1, { address: ip('127.0.0.1') })), 'EINVAL'),
    see('the weight before that', p.do('newDestination', ID_TCP, masq(1, { weight: 0xffff_ffff })), 'ERANGE'),
    see(
      'IPv4 in IPv6 as a tunnel',
      p.do('newDestination', ID_TCP6, destination({ ...D1, ...MASQ, forwarding: 2 })),
      'EINVAL',
    ),
    see('IPv6', p.do('newDestination', ID_TCP6, destination({ ...D6, ...MASQ })), 'ok'),
    see(
      'IPv6 in IPv4 as a tunnel',
      p.do('newDestination', ID_TCP, destination({ ...D6, ...MASQ, forwarding: 2 })),
      'ok',
    ),
    see('SET looks for the destination only', p.do('setDestination', ID_TCP, masq(1)), 'ENOENT'),
  ]),

  bare('what the API says about it', (p) =>
    p.api((ipvs) => {
      ipvs.addService('tcp:10.0.0.1:80');
      const message = messageOf(() => ipvs.addDestination('tcp:10.0.0.1:80', '10.1.0.1:80'));
      return [
        see('the namespace', message.includes('the network namespace has no address at all'), true),
        see('the command', message.includes('ip link set lo up'), true),
        see('the errno', message.includes('EINVAL'), true),
      ];
    }),
  ),
];
