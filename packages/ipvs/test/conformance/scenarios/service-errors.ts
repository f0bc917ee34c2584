import { encode, nest, raw, SERVICE, service, type ServiceValues } from '../attributes.js';
import { ID_TCP, NEW_TCP, NONE, RR, RR6, TCP, TCP6 } from '../samples.js';
import { scenario, see } from '../scenario.js';

function without(values: ServiceValues, ...names: readonly (keyof ServiceValues)[]): Uint8Array {
  return service(
    Object.fromEntries(
      Object.entries(values).filter(([name]) => !names.includes(name as keyof ServiceValues)),
    ),
  );
}

const FULL = { ...TCP, ...RR };
/** The numbers of the attributes that have a width, and the width. */
const WIDTHS = [
  ['AF', 1, 2],
  ['PROTOCOL', 2, 2],
  ['PORT', 4, 2],
  ['FWMARK', 5, 4],
  ['TIMEOUT', 8, 4],
  ['NETMASK', 9, 4],
] as const;

export const serviceErrors = [
  scenario('what a service must have', (p) => [
    see('no SERVICE', p.do('newService'), 'EINVAL'),
    see('no SERVICE for GET', p.do('getService'), 'EINVAL'),
    see('no SERVICE for DEL', p.do('deleteService'), 'EINVAL'),
    ...(['family', 'protocol', 'address', 'port', 'scheduler', 'flags', 'timeout', 'netmask'] as const).map(
      (name) => see(`NEW without ${name}`, p.do('newService', without(FULL, name)), 'EINVAL'),
    ),
    see('nothing was made', p.dump('dumpServices', []), []),
    see('NEW', p.do('newService', NEW_TCP), 'ok'),
    ...(['scheduler', 'flags', 'timeout', 'netmask'] as const).map((name) =>
      see(`SET without ${name}`, p.do('setService', without(FULL, name)), 'EINVAL'),
    ),
    see('GET by the identity', p.odd('getService', {}, ID_TCP), 'reply, ok'),
    see('GET without a port', p.do('getService', without(TCP, 'port')), 'EINVAL'),
    see('DEL with all', p.do('deleteService', NEW_TCP), 'ok'),
  ]),

  scenario('attributes of other sizes', (p) => [
    see('NEW', p.do('newService', NEW_TCP), 'ok'),
    ...WIDTHS.flatMap(([name, number, width]) => [
      see(
        `${name} one byte short`,
        p.do('setService', service(FULL, raw(number, '00'.repeat(width - 1)))),
        'EINVAL',
      ),
      see(`${name} empty`, p.do('setService', service(FULL, raw(number, ''))), 'EINVAL'),
    ]),
    see(
      'a short one that is overridden counts too',
      p.do('setService', nest(1, raw(1, '02'), encode(SERVICE, FULL))),
      'EINVAL',
    ),
    see('AF of 4 bytes', p.do('setService', service({ ...FULL, timeout: 1 }, raw(1, '02000000'))), 'ok'),
    see('PORT of 4 bytes', p.do('setService', service({ ...FULL, timeout: 2 }, raw(4, '0050ffff'))), 'ok'),
    see('TIMEOUT of 8 bytes', p.do('setService', service(FULL, raw(8, '0300000009090909'))), 'ok'),
    see('… the first four count', p.service(TCP, 'timeout'), 3),
    see('the last TIMEOUT of two counts', p.do('setService', service(FULL, raw(8, '05000000'))), 'ok'),
    see('…', p.service(TCP, 'timeout'), 5),
    see('unknown attributes', p.do('setService', service(FULL, raw(13, '01'), raw(99, ''))), 'ok'),
    see(
      'junk after the attributes of a nest',
      p.do('setService', nest(1, encode(SERVICE, FULL), Uint8Array.of(1, 2, 3))),
      'ok',
    ),
    see(
      'an attribute of length 2 ends the nest',
      p.do('getService', nest(1, encode(SERVICE, TCP), Uint8Array.of(2, 0, 5, 0))),
      'reply, ok',
    ),
    see('STATS of one byte', p.do('setService', service(FULL, raw(10, '01'))), 'EINVAL'),
    see('STATS of junk', p.do('setService', service(FULL, raw(10, 'ffffffffff'))), 'ok'),
    see('STATS64 of one byte', p.do('setService', service(FULL, raw(12, '01'))), 'ok'),
    see('an AF of 0', p.do('getService', service({ ...TCP, family: 0 })), 'EAFNOSUPPORT'),
  ]),

  scenario('names', (p) => {
    const named = (number: number, hex: string): string => {
      const word = p.do('newService', service(FULL, raw(number, hex)));
      p.do('flush');
      return word;
    };
    const text = (name: string): string => Buffer.from(name).toString('hex');
    return [
      see('"rr" without a NUL', named(6, text('rr')), 'EINVAL'),
      see('an empty payload', named(6, ''), 'EINVAL'),
      see('""', named(6, '00'), 'ENOENT'),
      see('"rr" and more NULs', named(6, `${text('rr')}000000`), 'ok'),
      see('"rr" and junk after the NUL', named(6, `${text('rr')}00${text('xx')}`), 'ok'),
      see('15 characters', named(6, `${text('a'.repeat(15))}00`), 'ENOENT'),
      see('16 characters', named(6, `${text('a'.repeat(16))}00`), 'EINVAL'),
      see('"rr" in 17 bytes', named(6, `${text('rr')}${'00'.repeat(15)}`), 'EINVAL'),
      see('"RR"', named(6, `${text('RR')}00`), 'ENOENT'),
      see('an unknown one', named(6, `${text('nosuch')}00`), 'ENOENT'),
      see('"none"', named(6, `${text('none')}00`), 'ok'),
      see('the engine "sip"', named(11, `${text('sip')}00`), 'ok'),
      see('the engine ""', named(11, '00'), 'ok'),
      see('an engine of no byte', named(11, ''), 'EINVAL'),
      see('an engine without a NUL', named(11, text('sip')), 'EINVAL'),
      see('an unknown engine', named(11, `${text('nosuch')}00`), 'ENOENT'),
      see('an engine of 16 characters', named(11, `${text('a'.repeat(16))}00`), 'ENOENT'),
      see('an engine of 17 characters', named(11, `${text('a'.repeat(17))}00`), 'EINVAL'),
    ];
  }),

  scenario('the schedulers of the kernel', (p) =>
    ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq', 'fo', 'ovf', 'mh'].map(
      (scheduler, index) =>
        see(scheduler, p.do('newService', service({ ...FULL, port: 1000 + index, scheduler })), 'ok'),
    ),
  ),

  scenario('which error wins', (p) => [
    see('NEW', p.do('newService', NEW_TCP), 'ok'),
    see(
      'the top level before all',
      p.do('setService', service({ ...NONE, family: 1 }), raw(4, '01')),
      'ERANGE "Attribute failed policy validation" at 68',
    ),
    see(
      'a short attribute before the address family',
      p.do('newService', service({ ...FULL, family: 1 }, raw(8, '01'))),
      'EINVAL',
    ),
    see(
      'a missing port before the address family',
      p.do('newService', without({ ...FULL, family: 1 }, 'port')),
      'EINVAL',
    ),
    see(
      'the address family before missing settings',
      p.do('newService', service({ ...TCP, family: 1 })),
      'EAFNOSUPPORT',
    ),
    see('missing settings before existence', p.do('newService', ID_TCP), 'EINVAL'),
    see('missing settings before absence', p.do('setService', service(NONE)), 'EINVAL'),
    see(
      'existence before the scheduler',
      p.do('newService', service({ ...FULL, scheduler: 'nosuch' })),
      'EEXIST',
    ),
    see(
      'absence before the scheduler',
      p.do('setService', service({ ...NONE, ...RR, scheduler: 'nosuch' })),
      'ESRCH',
    ),
    see(
      'the scheduler before the prefix',
      p.do('newService', service({ ...TCP6, ...RR6, scheduler: 'nosuch', netmask: 0 })),
      'ENOENT',
    ),
    see(
      'the engine before the prefix',
      p.do('newService', service({ ...TCP6, ...RR6, engine: 'nosuch', netmask: 0 })),
      'ENOENT',
    ),
    see('the prefix', p.do('newService', service({ ...TCP6, ...RR6, netmask: 0 })), 'EINVAL'),
    see('nothing was made', p.dump('dumpServices', []).length, 1),
  ]),
];
