import { ip, mask, raw, service } from '../attributes.js';
import { ID_TCP, ID_TCP6, NEW_TCP, NEW_TCP6, NONE, RR, RR6, TCP, TCP6 } from '../samples.js';
import { on, scenario, see } from '../scenario.js';

const flags = (value: number, bits = 0xffff_ffff) => ({ flags: { flags: value, mask: bits } });

export const services = [
  scenario('a service comes, is read and goes', (p) => [
    see('no service', p.dump('dumpServices', []), []),
    see('NEW', p.do('newService', NEW_TCP), 'ok'),
    see('NEW again', p.do('newService', NEW_TCP), 'EEXIST'),
    see('GET', p.service(TCP), {
      family: 2,
      protocol: 6,
      address: '0a000001000000000000000000000000',
      port: 80,
      scheduler: 'rr',
      flags: { flags: 2, mask: 0xffff_ffff },
      timeout: 0,
      netmask: 0xffff_ffff,
    }),
    see('dump', p.dump('dumpServices', [], 'port', 'scheduler'), [[80, 'rr']]),
    see('SET', p.do('setService', service({ ...TCP, ...RR, scheduler: 'wlc' })), 'ok'),
    see('GET', p.service(TCP, 'scheduler'), 'wlc'),
    see('DEL', p.do('deleteService', ID_TCP), 'ok'),
    see('GET of what is gone', p.service(TCP), 'ESRCH'),
    see('DEL of what is gone', p.do('deleteService', ID_TCP), 'ESRCH'),
    see('SET of what is gone', p.do('setService', NEW_TCP), 'ESRCH'),
    see('ZERO of what is gone', p.do('zero', ID_TCP), 'ESRCH'),
  ]),

  scenario('an IPv6 service', (p) => [
    see('NEW', p.do('newService', NEW_TCP6), 'ok'),
    see('GET', p.service(TCP6, 'family', 'address', 'netmask'), [
      10,
      '20010db8000000000000000000000001',
      128,
    ]),
    see('DEL', p.do('deleteService', ID_TCP6), 'ok'),
  ]),

  scenario('what tells services apart', (p) => [
    see('tcp', p.do('newService', NEW_TCP), 'ok'),
    see('udp', p.do('newService', service({ ...TCP, ...RR, protocol: 17 })), 'ok'),
    see('another port', p.do('newService', service({ ...TCP, ...RR, port: 81 })), 'ok'),
    see('another address', p.do('newService', service({ ...TCP, ...RR, address: ip('10.0.0.2') })), 'ok'),
    see(
      'another scheduler is no other service',
      p.do('newService', service({ ...TCP, ...RR, scheduler: 'wlc' })),
      'EEXIST',
    ),
    see('fwmark 7', p.do('newService', service({ family: 2, fwmark: 7, ...RR })), 'ok'),
    see('fwmark 7 of IPv6', p.do('newService', service({ family: 10, fwmark: 7, ...RR6 })), 'ok'),
    see('fwmark 7 again', p.do('newService', service({ family: 2, fwmark: 7, ...RR })), 'EEXIST'),
    see('fwmark wins over an address', p.do('newService', service({ ...TCP, fwmark: 7, ...RR })), 'EEXIST'),
    see('a fwmark reply', p.service({ family: 2, fwmark: 7 }, 'fwmark', 'protocol', 'address', 'port'), [
      7,
      null,
      null,
      null,
    ]),
    see('fwmark 4294967295', p.do('newService', service({ family: 2, fwmark: 0xffff_ffff, ...RR })), 'ok'),
    see('fwmark 0 is TCP 0.0.0.0:0', p.do('newService', service({ family: 2, fwmark: 0, ...RR })), 'ok'),
    see(
      '… by either name',
      p.service({ ...TCP, address: ip('0.0.0.0'), port: 0 }, 'protocol', 'address', 'port', 'fwmark'),
      [6, '0'.repeat(32), 0, null],
    ),
    see('eight services', p.dump('dumpServices', []).length, 8),
  ]),

  scenario('any protocol and port is stored', (p) =>
    [0, 1, 41, 132, 256, 65535].flatMap((protocol) => {
      const id = { ...TCP, protocol, port: 0 };
      return [
        see(`NEW protocol ${protocol}`, p.do('newService', service({ ...id, ...RR })), 'ok'),
        see(`GET protocol ${protocol}`, p.service(id, 'protocol', 'port'), [protocol, 0]),
      ];
    }),
  ),

  scenario('addresses of any length up to 16', (p) => [
    see('4 bytes', p.do('newService', service({ ...TCP, ...RR, address: ip('10.0.0.1').slice(0, 4) })), 'ok'),
    see('… are the same as 16', p.service(TCP, 'address'), '0a000001000000000000000000000000'),
    see(
      'junk after four bytes',
      p.do('newService', service({ ...TCP, ...RR, address: Uint8Array.of(10, 0, 0, 1, 9, 9) })),
      'EEXIST',
    ),
    see('2 bytes', p.do('newService', service({ ...TCP, ...RR, address: Uint8Array.of(10, 7) })), 'ok'),
    see(
      '… the rest is zero',
      p.service({ ...TCP, address: ip('10.7.0.0') }, 'address'),
      `0a07${'0'.repeat(28)}`,
    ),
    see('no byte', p.do('newService', service({ ...TCP, ...RR, address: new Uint8Array() })), 'ok'),
    see(
      '8 bytes of IPv6',
      p.do('newService', service({ ...TCP6, ...RR6, address: ip('2001:db8::1').slice(0, 8) })),
      'ok',
    ),
    see(
      '… the rest is zero',
      p.service({ ...TCP6, address: ip('2001:db8::') }, 'address'),
      `20010db8${'0'.repeat(24)}`,
    ),
    see(
      '17 bytes',
      p.do('newService', service({ family: 2, protocol: 6, port: 80, ...RR }, raw(3, '0a'.repeat(17)))),
      'EINVAL',
    ),
    see('multicast', p.do('newService', service({ ...TCP, ...RR, address: ip('224.0.0.1') })), 'ok'),
    see('broadcast', p.do('newService', service({ ...TCP, ...RR, address: ip('255.255.255.255') })), 'ok'),
    see('link-local', p.do('newService', service({ ...TCP6, ...RR6, address: ip('fe80::1') })), 'ok'),
  ]),

  scenario('flags and their mask', (p) => {
    const set = (value: number, bits?: number) =>
      p.do('setService', service({ ...TCP, ...RR, ...flags(value, bits) }));
    const get = () => (p.service(TCP, 'flags') as { flags: number }).flags;
    const withRawFlags = (hex: string) => {
      const { flags: _, ...rest } = RR;
      return service({ ...TCP, ...rest }, raw(7, hex));
    };
    return [
      see(
        'NEW with the mask 0',
        p.do('newService', service({ ...TCP, ...RR, ...flags(0xffff_ffff, 0) })),
        'ok',
      ),
      see('… sets nothing but 2', get(), 2),
      see('persistent', [set(1), get()], ['ok', 3]),
      see('the mask 0 keeps it', [set(0, 0), get()], ['ok', 3]),
      see('a mask of other bits keeps it', [set(0, 4), get()], ['ok', 3]),
      see('one bit more', [set(8, 8), get()], ['ok', 11]),
      see('one bit away', [set(0, 1), get()], ['ok', 10]),
      see('2 cannot be taken away', [set(0), get()], ['ok', 2]),
      see('unknown bits are stored', [set(0xffff_ffff), get()], ['ok', 0xffff_ffff]),
      see(
        '4 bytes have the mask 0',
        [p.do('setService', withRawFlags('00000000')), get()],
        ['ok', 0xffff_ffff],
      ),
      see(
        '5 bytes have a mask of one',
        [p.do('setService', withRawFlags('0000000004')), get()],
        ['ok', 0xffff_fffb],
      ),
      see('no byte', [p.do('setService', withRawFlags('')), get()], ['ok', 0xffff_fffb]),
      see('9 bytes', p.do('setService', withRawFlags('00'.repeat(9))), 'EINVAL'),
    ];
  }),

  scenario('SET_SERVICE replaces everything', (p) => [
    see(
      'NEW with all there is',
      p.do(
        'newService',
        service({ ...TCP, ...RR, ...flags(1), timeout: 360, netmask: mask('255.255.255.0'), engine: 'sip' }),
      ),
      'ok',
    ),
    see('GET', p.service(TCP, 'engine', 'timeout', 'netmask'), ['sip', 360, mask('255.255.255.0')]),
    see('SET without an engine', p.do('setService', service({ ...TCP, ...RR, scheduler: 'sh' })), 'ok'),
    see('GET', p.service(TCP, 'engine', 'timeout', 'netmask', 'scheduler'), [null, 0, 0xffff_ffff, 'sh']),
    see('SET none', p.do('setService', service({ ...TCP, ...RR, scheduler: 'none' })), 'ok'),
    see('GET', p.service(TCP, 'scheduler'), 'none'),
    see('SET from none', p.do('setService', service({ ...TCP, ...RR })), 'ok'),
    see(
      'a failed SET changes nothing',
      p.do('setService', service({ ...TCP, ...RR, ...flags(1), scheduler: 'nosuch', timeout: 9 })),
      'ENOENT',
    ),
    see('GET', p.service(TCP, 'scheduler', 'flags', 'timeout'), ['rr', { flags: 2, mask: 0xffff_ffff }, 0]),
    see(
      'SET of another address is another service',
      p.do('setService', service({ ...NONE, ...RR })),
      'ESRCH',
    ),
  ]),

  scenario('timeouts are stored in ticks of 32 bits', (p) =>
    [
      ['1', 1, 1],
      ['31 days', 2678400, 2678400],
      ['the last second that lasts at 250 ticks', 17179869, 17179869],
      ['one more', 17179870, on({ uml: 17179870, default: 0 })],
      ['42949673', 42949673, on({ uml: 0, default: 8589934 })],
      ['4294967295', 0xffff_ffff, on({ uml: 42949671, default: 17179868 })],
    ].flatMap(([what, timeout, due], index) => {
      const id = { ...TCP, port: 1000 + index };
      return [
        see(
          `NEW ${what as string}`,
          p.do('newService', service({ ...id, ...RR, timeout: timeout as number })),
          'ok',
        ),
        see(`GET ${what as string}`, p.service(id, 'timeout'), due),
      ];
    }),
  ),

  scenario('netmasks', (p) => {
    const v4 = (netmask: number) => [
      p.do('setService', service({ ...TCP, ...RR, netmask })),
      p.service(TCP, 'netmask'),
    ];
    const v6 = (netmask: number) => [
      p.do('setService', service({ ...TCP6, ...RR, netmask })),
      p.service(TCP6, 'netmask'),
    ];
    return [
      see('NEW', [p.do('newService', NEW_TCP), p.do('newService', NEW_TCP6)], ['ok', 'ok']),
      see('IPv4 255.255.255.0', v4(mask('255.255.255.0')), ['ok', mask('255.255.255.0')]),
      see('IPv4 with holes', v4(mask('255.0.255.0')), ['ok', mask('255.0.255.0')]),
      see('IPv4 0', v4(0), ['ok', 0]),
      see('IPv6 1', v6(1), ['ok', 1]),
      see('IPv6 64', v6(64), ['ok', 64]),
      see('IPv6 0', v6(0), ['EINVAL', 64]),
      see('IPv6 129', v6(129), ['EINVAL', 64]),
      see('IPv6 128 in network order', v6(0x8000_0000), ['EINVAL', 64]),
      see('NEW IPv6 0', p.do('newService', service({ ...TCP6, ...RR, port: 1, netmask: 0 })), 'EINVAL'),
    ];
  }),

  scenario('FLUSH and the namespace', (p) => [
    see('two services', [p.do('newService', NEW_TCP), p.do('newService', NEW_TCP6)], ['ok', 'ok']),
    see('a timeout', p.do('setConfig', raw(4, 'c8000000')), 'ok'),
    see('FLUSH', p.do('flush'), 'ok'),
    see('no service', p.dump('dumpServices', []), []),
    see('the timeout stays', p.get('getConfig', [], 'tcp'), 200),
    see('FLUSH of nothing', p.do('flush'), 'ok'),
    see('FLUSH does not look at SERVICE', p.do('flush', raw(1, 'ffffffff')), 'ok'),
  ]),

  scenario('GET_INFO', (p) => [
    see('version 1.2.1', p.get('getInfo', [], 'version'), 0x010201),
    see('a service', p.do('newService', NEW_TCP), 'ok'),
    see(
      'buckets of the connection table',
      p.get('getInfo', [], 'connectionTableSize'),
      on({ '7.2': 256, default: 4096 }),
    ),
  ]),
];
