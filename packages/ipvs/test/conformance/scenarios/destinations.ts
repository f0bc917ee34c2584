import { destination, type DestinationValues, ip, service } from '../attributes.js';
import { D1, ID_TCP, ID_TCP6, MASQ, masq, NEW_TCP, NEW_TCP6, RR, TCP } from '../samples.js';
import { on, scenario, see } from '../scenario.js';
import type { Probe } from '../probe.js';

const add = (p: Probe, values: DestinationValues, of = ID_TCP) =>
  p.do('newDestination', of, destination({ ...MASQ, ...values }));
const set = (p: Probe, values: DestinationValues) =>
  p.do('setDestination', ID_TCP, destination({ ...D1, ...MASQ, ...values }));
const list = (p: Probe, ...fields: readonly string[]) => p.dump('dumpDestinations', [ID_TCP], ...fields);
const first = (p: Probe, ...fields: readonly string[]) => list(p, ...fields)[0];

export const destinations = [
  scenario('a destination comes, is read and goes', (p) => [
    see('a service', p.do('newService', NEW_TCP), 'ok'),
    see('no destination', list(p), []),
    see('NEW', add(p, D1), 'ok'),
    see('NEW again', add(p, D1), 'EEXIST'),
    see('dump', list(p), [
      {
        address: '0a010001000000000000000000000000',
        port: 80,
        forwarding: 0,
        weight: 1,
        upperThreshold: 0,
        lowerThreshold: 0,
        activeConnections: 0,
        inactiveConnections: 0,
        persistentConnections: 0,
        family: 2,
        tunnelType: 0,
        tunnelPort: 0,
        tunnelFlags: 0,
      },
    ]),
    see('SET', set(p, { weight: 7 }), 'ok'),
    see('the weight', list(p, 'weight'), [7]),
    see('DEL', p.do('deleteDestination', ID_TCP, destination(D1)), 'ok'),
    see('DEL again', p.do('deleteDestination', ID_TCP, destination(D1)), 'ENOENT'),
    see('SET of what is gone', set(p, {}), 'ENOENT'),
    see('NEW of what was deleted', add(p, D1), 'ok'),
    see('DEL with all', p.do('deleteDestination', ID_TCP, destination({ ...D1, ...MASQ })), 'ok'),
  ]),

  scenario('the newest first, whatever is set', (p) => [
    see('a service', p.do('newService', NEW_TCP), 'ok'),
    see(
      'three',
      [1, 2, 3].map((last) => p.do('newDestination', ID_TCP, masq(last))),
      ['ok', 'ok', 'ok'],
    ),
    see(
      'in order',
      list(p, 'address').map((text) => (text as string).slice(0, 8)),
      ['0a010003', '0a010002', '0a010001'],
    ),
    see('SET', set(p, { weight: 9 }), 'ok'),
    see('the same order', list(p, 'weight'), [1, 1, 9]),
    see('DEL and NEW', [p.do('deleteDestination', ID_TCP, destination(D1)), add(p, D1)], ['ok', 'ok']),
    see('it is the newest', first(p, 'address'), '0a010001000000000000000000000000'),
  ]),

  scenario('what tells destinations apart', (p) => [
    see('a service', p.do('newService', NEW_TCP), 'ok'),
    see('10.1.0.1:80', add(p, D1), 'ok'),
    see('another port', add(p, { ...D1, port: 81 }), 'ok'),
    see('port 0', add(p, { ...D1, port: 0 }), 'ok'),
    see('another forwarding is no other destination', add(p, { ...D1, forwarding: 3 }), 'EEXIST'),
    see('4 bytes of address', add(p, { ...D1, address: Uint8Array.of(10, 1, 0, 1) }), 'EEXIST'),
    see(
      'junk after 4 bytes of address',
      add(p, { ...D1, address: Uint8Array.of(10, 1, 0, 1, 5, 5) }),
      'EEXIST',
    ),
    see(
      'without ADDR_FAMILY',
      p.do('newDestination', ID_TCP, destination({ address: ip('10.1.0.1'), port: 80, ...MASQ })),
      'EEXIST',
    ),
    see('with ADDR_FAMILY 0', add(p, { ...D1, family: 0 }), 'EEXIST'),
    see(
      'the same in another service',
      [p.do('newService', service({ ...TCP, ...RR, port: 81 })), add(p, D1, service({ ...TCP, port: 81 }))],
      ['ok', 'ok'],
    ),
    see(
      'DEL_SERVICE takes them along',
      [p.do('deleteService', ID_TCP), p.do('newService', NEW_TCP), list(p)],
      ['ok', 'ok', []],
    ),
  ]),

  scenario('values of a destination', (p) => {
    const stored = (values: DestinationValues, ...fields: readonly string[]) => [
      set(p, values),
      first(p, ...fields),
    ];
    return [
      see('a service', p.do('newService', NEW_TCP), 'ok'),
      see('NEW', add(p, D1), 'ok'),
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((forwarding) =>
        see(`forwarding ${forwarding}`, stored({ forwarding }, 'forwarding'), ['ok', forwarding]),
      ),
      see('higher bits of forwarding go', stored({ forwarding: 0xffff_fff8 + 3 }, 'forwarding'), ['ok', 3]),
      see('weight 0', stored({ weight: 0 }, 'weight'), ['ok', 0]),
      see('weight 65536', stored({ weight: 65536 }, 'weight'), ['ok', 65536]),
      see('weight 2147483647', stored({ weight: 0x7fff_ffff }, 'weight'), ['ok', 0x7fff_ffff]),
      see('weight 2147483648', stored({ weight: 0x8000_0000 }, 'weight'), ['ERANGE', 0x7fff_ffff]),
      see('weight -1', stored({ weight: 0xffff_ffff }, 'weight'), ['ERANGE', 0x7fff_ffff]),
      see(
        'thresholds',
        stored({ upperThreshold: 10, lowerThreshold: 10 }, 'upperThreshold', 'lowerThreshold'),
        ['ok', [10, 10]],
      ),
      see('an upper one alone', stored({ upperThreshold: 5 }, 'upperThreshold', 'lowerThreshold'), [
        'ok',
        [5, 0],
      ]),
      see('a lower one alone', stored({ lowerThreshold: 1 }, 'lowerThreshold'), ['ERANGE', 0]),
      see('a lower one above', stored({ upperThreshold: 5, lowerThreshold: 6 }, 'lowerThreshold'), [
        'ERANGE',
        0,
      ]),
      see('upper 2147483647', stored({ upperThreshold: 0x7fff_ffff }, 'upperThreshold'), ['ok', 0x7fff_ffff]),
      see(
        'upper 2147483648',
        set(p, { upperThreshold: 0x8000_0000 }),
        on({ unlimited: 'ok', default: 'EINVAL' }),
      ),
      see(
        'both 4294967295',
        set(p, { upperThreshold: 0xffff_ffff, lowerThreshold: 0xffff_ffff }),
        on({ unlimited: 'ok', default: 'EINVAL' }),
      ),
      see(
        'the lower threshold before the upper',
        set(p, { upperThreshold: 0x8000_0000, lowerThreshold: 0x8000_0001 }),
        'ERANGE',
      ),
      see('connections are not taken', stored({ activeConnections: 9 }, 'activeConnections'), ['ok', 0]),
    ];
  }),

  scenario('tunnels', (p) => {
    const all = ['forwarding', 'tunnelType', 'tunnelPort', 'tunnelFlags'];
    const stored = (values: DestinationValues) => [set(p, values), first(p, ...all)];
    return [
      see('a service', p.do('newService', NEW_TCP), 'ok'),
      see('NEW gue', add(p, { ...D1, forwarding: 2, tunnelType: 1, tunnelPort: 6080, tunnelFlags: 2 }), 'ok'),
      see('dump', first(p, ...all), [2, 1, 6080, 2]),
      see('SET without them resets them', stored({ forwarding: 2 }), ['ok', [2, 0, 0, 0]]),
      see('gre', stored({ forwarding: 2, tunnelType: 2, tunnelFlags: 1 }), ['ok', [2, 2, 0, 1]]),
      see('ipip with a port', stored({ forwarding: 2, tunnelPort: 9 }), ['ok', [2, 0, 9, 0]]),
      see('with another forwarding', stored({ forwarding: 0, tunnelType: 2, tunnelFlags: 1 }), [
        'ok',
        [0, 2, 0, 1],
      ]),
      see('gue without a port', set(p, { forwarding: 2, tunnelType: 1 }), 'EINVAL'),
      see('gue without a port, and no tunnel', set(p, { forwarding: 0, tunnelType: 1 }), 'EINVAL'),
      see('NEW gue without a port', p.do('newDestination', ID_TCP, masq(2, { tunnelType: 1 })), 'EINVAL'),
      see('type 255, flags 65535', stored({ forwarding: 2, tunnelType: 255, tunnelFlags: 0xffff }), [
        'ok',
        [2, 255, 0, 0xffff],
      ]),
    ];
  }),

  scenario('addresses of destinations', (p) => {
    const port = 80;
    const v4 = (text: string) => add(p, { family: 2, address: ip(text), port });
    const v6 = (text: string) => add(p, { family: 10, address: ip(text), port }, ID_TCP6);
    return [
      see('services', [p.do('newService', NEW_TCP), p.do('newService', NEW_TCP6)], ['ok', 'ok']),
      see('0.0.0.0', v4('0.0.0.0'), 'EINVAL'),
      see('0.0.0.1', v4('0.0.0.1'), 'ok'),
      see('127.0.0.1', v4('127.0.0.1'), 'ok'),
      see('223.255.255.255', v4('223.255.255.255'), 'ok'),
      see('224.0.0.1', v4('224.0.0.1'), 'EINVAL'),
      see('239.255.255.255', v4('239.255.255.255'), 'EINVAL'),
      see('240.0.0.1', v4('240.0.0.1'), 'ok'),
      see('255.255.255.254', v4('255.255.255.254'), 'ok'),
      see('255.255.255.255', v4('255.255.255.255'), 'EINVAL'),
      see('::', v6('::'), 'EINVAL'),
      see('::1', v6('::1'), 'ok'),
      see('::2', v6('::2'), 'ok'),
      see('::ffff:10.0.0.1', v6('::ffff:a00:1'), 'EINVAL'),
      see('64:ff9b::1', v6('64:ff9b::1'), 'ok'),
      see('2001:db8::9', v6('2001:db8::9'), 'ok'),
      see('fc00::1', v6('fc00::1'), 'ok'),
      see('fe80::1', v6('fe80::1'), 'EINVAL'),
      see('febf::1', v6('febf::1'), 'EINVAL'),
      see('fec0::1', v6('fec0::1'), 'ok'),
      see('ff02::1', v6('ff02::1'), 'EINVAL'),
      see(
        'no byte of address',
        p.do('newDestination', ID_TCP, destination({ family: 2, port, ...MASQ, address: new Uint8Array() })),
        'EINVAL',
      ),
      see(
        '8 bytes of an IPv6 address',
        p.do(
          'newDestination',
          ID_TCP6,
          destination({ family: 10, port, ...MASQ, address: ip('2001:db8:5::1').slice(0, 8) }),
        ),
        'ok',
      ),
    ];
  }),
];
