import { NLM_F } from '@ipvs-ts/netlink/testing';
import { raw } from '../attributes.js';
import { ID_TCP, NEW_TCP } from '../samples.js';
import { scenario, see } from '../scenario.js';

const { REQUEST, ACK, ROOT, MATCH } = NLM_F;
const LEFTOVER = 'ok "bytes leftover after parsing attributes"';

export const framing = [
  scenario('headers', (p) => [
    see(
      'an ACK is one datagram of 36 bytes',
      p.datagrams(p.message('zero')).map(({ length }) => length),
      [36],
    ),
    see('GET_INFO with ACK: reply, then ACK', p.odd('getInfo', {}), 'reply, ok'),
    see(
      '… in two datagrams',
      p.datagrams(p.message('getInfo')).map(({ length }) => length),
      [36, 36],
    ),
    see('GET_INFO without ACK', p.odd('getInfo', { flags: REQUEST }), 'reply'),
    see('a success without ACK', p.odd('zero', { flags: REQUEST }), 'silence'),
    see('a failure without ACK', p.odd('deleteService', { flags: REQUEST }), 'EINVAL'),
    see('without REQUEST: ok', p.odd('newService', { flags: ACK }, NEW_TCP), 'ok'),
    see('… and not executed', p.do('deleteService', ID_TCP), 'ESRCH'),
    see('without REQUEST and ACK', p.odd('getInfo', { flags: 0 }), 'silence'),
    see('GET_SERVICE with ROOT alone is a "do"', p.odd('dumpServices', { flags: REQUEST | ROOT }), 'EINVAL'),
    see(
      'GET_SERVICE with MATCH alone is a "do"',
      p.odd('dumpServices', { flags: REQUEST | MATCH }),
      'EINVAL',
    ),
    see('version 9', p.odd('getInfo', { version: 9 }), 'reply, ok'),
    see('a reserved byte that is not zero', p.odd('getInfo', { reserved: 7 }), 'reply, ok'),
    see('other flags', p.odd('newService', { flags: REQUEST | ACK | 0x8 | 0x400 | 0x800 }, NEW_TCP), 'ok'),
    see('no generic header', p.odd('getInfo', { header: 0 }), 'EINVAL'),
    see('half of a generic header', p.odd('getInfo', { header: 2 }), 'EINVAL'),
    see('a type below 16 with ACK', p.odd('getInfo', { type: 3 }), 'ok'),
    see('a type below 16 without ACK', p.odd('getInfo', { type: 2, flags: REQUEST }), 'silence'),
    see('an unknown family', p.odd('getInfo', { type: 0x3e8 }), 'ENOENT'),
    see(
      'an unknown family comes before a short header',
      p.odd('getInfo', { type: 0x3e8, header: 0 }),
      'ENOENT',
    ),
    see('a length below 16', p.odd('getInfo', { length: 15 }), 'silence'),
    see('a length beyond the end', p.odd('getInfo', { length: 24 }), 'silence'),
  ]),

  scenario('commands and their kinds', (p) => [
    see('command 0', p.odd('getInfo', { command: 0 }), 'EOPNOTSUPP'),
    see('command 18', p.odd('getInfo', { command: 18 }), 'EOPNOTSUPP'),
    see('command 255', p.odd('getInfo', { command: 255 }), 'EOPNOTSUPP'),
    see('SET_INFO', p.odd('getInfo', { command: 14 }), 'EOPNOTSUPP'),
    see('GET_DEST as a "do"', p.odd('dumpDestinations', { flags: REQUEST | ACK }, ID_TCP), 'EOPNOTSUPP'),
    see('GET_DAEMON as a "do"', p.odd('dumpDaemons', { flags: REQUEST | ACK }), 'EOPNOTSUPP'),
    ...(
      [
        'newService',
        'setService',
        'deleteService',
        'newDestination',
        'setDestination',
        'deleteDestination',
      ] as const
    ).map((name) => see(`${name} as a dump`, p.odd(name, { flags: 0x301 }), 'EOPNOTSUPP')),
    ...(['newDaemon', 'deleteDaemon', 'setConfig', 'getConfig', 'getInfo', 'zero', 'flush'] as const).map(
      (name) => see(`${name} as a dump`, p.odd(name, { flags: 0x301 }), 'EOPNOTSUPP'),
    ),
    see(
      'an unknown command with a bad attribute',
      p.odd('getInfo', { command: 18 }, raw(4, '01')),
      'EOPNOTSUPP',
    ),
    see('a dump with ACK gets no ACK', p.odd('dumpServices', { flags: 0x305 }), 'done'),
  ]),

  scenario('several messages in one send', (p) => {
    const add = (): Uint8Array => p.message('newService', [NEW_TCP]);
    const quietly = (name: 'newService' | 'deleteService', attribute: Uint8Array): Uint8Array =>
      p.message(name, [attribute], { flags: REQUEST });
    return [
      see('an error stops nothing', p.send(add(), add(), p.message('deleteService', [ID_TCP])), [
        'ok',
        'EEXIST',
        'ok',
      ]),
      see('… nor does an error first', p.send(p.message('deleteService', [ID_TCP]), add()), ['ESRCH', 'ok']),
      see(
        'only failures and the last answer without ACK',
        p.send(quietly('newService', NEW_TCP), quietly('deleteService', ID_TCP), p.message('zero')),
        ['EEXIST', 'ok'],
      ),
      see(
        'the walk ends at a length that does not fit',
        p.send(add(), p.message('zero', [], { length: 12 }), p.message('zero')),
        ['ok'],
      ),
      see('a fragment after a message', p.send(p.message('zero'), Uint8Array.of(1, 2, 3, 4)), ['ok']),
      see(
        'one dump, and what follows is answered before its end',
        p
          .send(p.message('dumpServices'), p.message('zero'))
          .map((word) => (typeof word === 'string' ? word : 'entry')),
        ['entry', 'ok', 'done'],
      ),
      see(
        'a second dump meets the first',
        p
          .send(p.message('dumpServices'), p.message('dumpServices'))
          .map((word) => (typeof word === 'string' ? word : 'entry')),
        ['entry', 'EBUSY', 'done'],
      ),
      see(
        'an empty dump is over at once',
        p.send(p.message('flush'), p.message('dumpServices'), p.message('dumpServices')),
        ['ok', 'done', 'done'],
      ),
    ];
  }),

  scenario('attributes are read leniently', (p) => [
    see('an unknown attribute at the top', p.do('newService', raw(99, '01020304'), NEW_TCP), 'ok'),
    see('an attribute of number 0', p.do('zero', raw(0, '01')), 'ok'),
    see('the last of two SERVICE attributes', p.do('deleteService', raw(1, '0100'.repeat(8)), ID_TCP), 'ok'),
    see('three bytes after the attributes', p.odd('newService', { trailing: [1, 2, 3] }, NEW_TCP), LEFTOVER),
    see(
      'the same on an error',
      p.odd('newService', { trailing: [1, 2, 3] }, NEW_TCP),
      'EEXIST "bytes leftover after parsing attributes"',
    ),
    see(
      'an attribute that is longer than the message',
      p.odd('zero', { trailing: [9, 0, 4, 0, 0, 0, 0, 0] }),
      LEFTOVER,
    ),
    see('an attribute of length 3', p.odd('zero', { trailing: [3, 0, 4, 0] }), LEFTOVER),
    see('the nested flag', p.do('deleteService', raw(0x8001, ID_TCP.subarray(4))), 'ok'),
    see('the byte-order flag', p.do('newService', raw(0x4001, NEW_TCP.subarray(4))), 'ok'),
    see(
      'a nest of one byte',
      p.do('deleteService', raw(1, '01')),
      'ERANGE "Attribute failed policy validation" at 20',
    ),
    see('an empty nest', p.do('deleteService', raw(1, '')), 'EINVAL'),
    see(
      'a broken DEST where it is not looked at',
      p.do('deleteService', ID_TCP, raw(2, '01')),
      'ERANGE "Attribute failed policy validation" at 68',
    ),
    see('junk in a DEST where it is not looked at', p.do('deleteService', ID_TCP, raw(2, 'ffffffff')), 'ok'),
  ]),

  scenario('the top level of dumps', (p) => [
    see('GET_SERVICE does not look at attributes', p.odd('dumpServices', {}, raw(4, '01')), 'done'),
    see('GET_DAEMON does not look at attributes', p.odd('dumpDaemons', {}, raw(4, '01')), 'done'),
    see(
      'GET_DEST does',
      p.odd('dumpDestinations', {}, ID_TCP, raw(4, '01')),
      'done "Attribute failed policy validation"',
    ),
    see(
      'GET_DEST with bytes left over',
      p.odd('dumpDestinations', { trailing: [1, 2] }, ID_TCP),
      'done "bytes leftover after parsing attributes"',
    ),
    see('GET_DEST of a service that is not there', p.odd('dumpDestinations', {}, ID_TCP), 'done'),
    see('GET_DEST of no service', p.odd('dumpDestinations', {}), 'done'),
    see('GET_DEST of half a service', p.odd('dumpDestinations', {}, raw(1, '0600010002000000')), 'done'),
    see(
      'GET_DEST of an unknown address family',
      p.odd('dumpDestinations', {}, raw(1, '06000100010000000800050007000000')),
      'done',
    ),
  ]),
];
