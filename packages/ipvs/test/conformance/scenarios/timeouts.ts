import { encode, MESSAGE, raw } from '../attributes.js';
import type { Probe } from '../probe.js';
import { on, scenario, see } from '../scenario.js';

const set = (p: Probe, values: { tcp?: number; tcpFin?: number; udp?: number }) =>
  p.do('setConfig', encode(MESSAGE, values));
const get = (p: Probe) => p.get('getConfig', [], 'tcp', 'tcpFin', 'udp');
/** The longest timeout in seconds: 2147483647 ticks. */
const LONGEST = { uml: 21474836, 'x86-64': 8589934 };

export const timeouts = [
  scenario('timeouts', (p) => [
    see('all three', [set(p, { tcp: 800, tcpFin: 100, udp: 200 }), get(p)], ['ok', [800, 100, 200]]),
    see('one', [set(p, { udp: 201 }), get(p)], ['ok', [800, 100, 201]]),
    see('none', [set(p, {}), get(p)], ['ok', [800, 100, 201]]),
    see('0 keeps', [set(p, { tcp: 0, tcpFin: 0, udp: 7 }), get(p)], ['ok', [800, 100, 7]]),
    see('one second', [set(p, { tcp: 1, tcpFin: 1, udp: 1 }), get(p)], ['ok', [1, 1, 1]]),
    see('8589934 seconds', [set(p, { tcp: LONGEST['x86-64'] }), get(p)], ['ok', [LONGEST['x86-64'], 1, 1]]),
    see('8589935 seconds', set(p, { tcpFin: LONGEST['x86-64'] + 1 }), on({ uml: 'ok', default: 'EINVAL' })),
    see('21474837 seconds', set(p, { udp: LONGEST.uml + 1 }), 'EINVAL'),
    see('4294967295 seconds', set(p, { udp: 0xffff_ffff }), 'EINVAL'),
    see(
      'one bad value and nothing changes',
      [set(p, { tcp: 5, tcpFin: 0xffff_ffff, udp: 5 }), (get(p) as number[])[0]],
      ['EINVAL', LONGEST['x86-64']],
    ),
    see('2 bytes', p.do('setConfig', raw(4, '0100')), 'ERANGE "Attribute failed policy validation" at 20'),
    see('no byte', p.do('setConfig', raw(6, '')), 'ERANGE "Attribute failed policy validation" at 20'),
    see(
      'the second is too short',
      p.do('setConfig', raw(4, '01000000'), raw(5, '01')),
      'ERANGE "Attribute failed policy validation" at 28',
    ),
    see('8 bytes', [p.do('setConfig', raw(4, '8403000000000000')), (get(p) as number[])[0]], ['ok', 900]),
    see(
      'the last of two',
      [p.do('setConfig', raw(4, '05000000'), raw(4, '06000000')), (get(p) as number[])[0]],
      ['ok', 6],
    ),
    see('a SERVICE is not looked at', p.do('setConfig', raw(1, 'ffffffff')), 'ok'),
    see(
      'GET_CONFIG with a short attribute',
      p.do('getConfig', raw(4, '01')),
      'ERANGE "Attribute failed policy validation" at 20',
    ),
    see('GET_CONFIG with another one', p.odd('getConfig', {}, raw(4, '01000000')), 'reply, ok'),
  ]),
];
