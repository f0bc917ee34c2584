import { daemon, type DaemonValues, ip, nest, raw } from '../attributes.js';
import type { Probe } from '../probe.js';
import { on, scenario, see } from '../scenario.js';

const MASTER: DaemonValues = { state: 1, interface: 'dum0', syncId: 5 };
const BACKUP: DaemonValues = { ...MASTER, state: 2 };
const start = (p: Probe, values: DaemonValues) => p.do('newDaemon', daemon(values));
const ALL = ['state', 'interface', 'syncId', 'maxLength', 'group', 'group6', 'port', 'ttl'];
const list = (p: Probe, ...fields: readonly string[]) => p.dump('dumpDaemons', [], ...fields);
const FAILED = 'Attribute failed policy validation';

/** Stops a daemon once its thread runs: before that, the kernel does not answer. */
function stop(p: Probe, state: number): string {
  p.wait(300);
  return p.do('deleteDaemon', daemon({ state }));
}

/** Starts a daemon, returns what the kernel reports about it, and stops it. */
function told(p: Probe, values: DaemonValues, ...fields: readonly string[]): unknown {
  const word = start(p, values);
  if (word !== 'ok') return word;
  const [found] = list(p, ...fields);
  stop(p, values.state ?? 0);
  return found;
}

export const daemons = [
  scenario('daemons come and go', (p) => [
    see('none', list(p), []),
    see('master', start(p, MASTER), 'ok'),
    see('master again', start(p, { ...MASTER, syncId: 6 }), 'EEXIST'),
    see(
      'backup',
      start(p, {
        ...BACKUP,
        syncId: 6,
        maxLength: 1000,
        group: ip('224.0.0.90').slice(0, 4),
        port: 9000,
        ttl: 3,
      }),
      'ok',
    ),
    see('dump, the master first', list(p, ...ALL), [
      [1, 'dum0', 5, 1472, 'e0000051', null, 8848, 1],
      [2, 'dum0', 6, 1024, 'e000005a', null, 9000, 3],
    ]),
    see('stop the master', stop(p, 1), 'ok'),
    see('stop it again', p.do('deleteDaemon', daemon({ state: 1 })), 'ESRCH'),
    see('the backup is left', list(p, 'state'), [2]),
    see('FLUSH lets it run', [p.do('flush'), list(p, 'state')], ['ok', [2]]),
    see('stop the backup', stop(p, 2), 'ok'),
    see('none', list(p), []),
  ]),

  scenario('what daemons take', (p) => [
    see('a backup on IPv6', told(p, { ...BACKUP, group6: ip('ff02::81') }, 'maxLength', 'group', 'group6'), [
      1452,
      null,
      'ff020000000000000000000000000081',
    ]),
    see(
      'both groups: IPv4 wins',
      told(p, { ...BACKUP, group6: ip('ff02::81'), group: ip('224.0.0.9').slice(0, 4) }, 'group', 'group6'),
      ['e0000009', null],
    ),
    see('SYNC_ID 4294967295', told(p, { ...MASTER, syncId: 0xffff_ffff }, 'syncId'), 0xffff_ffff),
    see('a backup on lo has its MTU', told(p, { ...BACKUP, interface: 'lo' }, 'maxLength'), 65507),
    see('a master on lo has not', told(p, { ...MASTER, interface: 'lo' }, 'maxLength'), 1472),
    see('SYNC_MAXLEN 1 of a master', told(p, { ...MASTER, maxLength: 1 }, 'maxLength'), 1),
    see('SYNC_MAXLEN 65535', told(p, { ...MASTER, maxLength: 65535 }, 'maxLength'), 65507),
    see(
      'zeros are defaults',
      told(p, { ...MASTER, maxLength: 0, port: 0, ttl: 0 }, 'maxLength', 'port', 'ttl'),
      [1472, 8848, 1],
    ),
  ]),

  scenario('what daemons must have', (p) => [
    see('no DAEMON', p.do('newDaemon'), 'EINVAL'),
    see('no STATE', start(p, { interface: 'dum0', syncId: 5 }), 'EINVAL'),
    see('no MCAST_IFN', start(p, { state: 1, syncId: 5 }), 'EINVAL'),
    see('no SYNC_ID', start(p, { state: 1, interface: 'dum0' }), 'EINVAL'),
    see('state 0', start(p, { ...MASTER, state: 0 }), 'EINVAL'),
    see('state 3', start(p, { ...MASTER, state: 3 }), 'EINVAL'),
    see('an unknown interface', start(p, { ...MASTER, interface: 'nosuch0' }), 'ENODEV'),
    see('no interface', start(p, { ...MASTER, interface: '' }), 'ENODEV'),
    see('the interface before the state', start(p, { ...MASTER, interface: 'nosuch0', state: 3 }), 'ENODEV'),
    see('a unicast group', start(p, { ...MASTER, group: ip('10.0.0.1').slice(0, 4) }), 'EINVAL'),
    see('a unicast IPv6 group', start(p, { ...MASTER, group6: ip('2001:db8::1') }), 'EINVAL'),
    see(
      'the group before the interface',
      start(p, { ...MASTER, interface: 'nosuch0', group: ip('10.0.0.1').slice(0, 4) }),
      'EINVAL',
    ),
    see('DEL without DAEMON', p.do('deleteDaemon'), 'EINVAL'),
    see('DEL without STATE', p.do('deleteDaemon', daemon({ syncId: 5 })), 'EINVAL'),
    see('DEL state 3', p.do('deleteDaemon', daemon({ state: 3 })), 'EINVAL'),
    see('DEL of none', p.do('deleteDaemon', daemon({ state: 2 })), 'ESRCH'),
    see('none runs', list(p), []),
  ]),

  scenario('attributes of other sizes in a daemon', (p) => {
    const odd = (number: number, hex: string) =>
      p.do('newDaemon', daemon({ ...MASTER, interface: 'nosuch0' }, raw(number, hex)));
    const at = (offset: number) => `EINVAL "${FAILED}" at ${offset}`;
    const name = (length: number) => `${'61'.repeat(length)}00`;
    return [
      see('STATE of 3 bytes', odd(1, '010000'), at(52)),
      see('SYNC_ID of 3 bytes', odd(3, '010000'), at(52)),
      see('SYNC_MAXLEN of 1 byte', odd(4, '01'), at(52)),
      see('MCAST_GROUP of 3 bytes', odd(5, 'e00000'), at(52)),
      see('MCAST_GROUP6 of 15 bytes', odd(6, 'ff'.repeat(15)), at(52)),
      see('MCAST_GROUP6 of 17 bytes', odd(6, 'ff'.repeat(17)), 'ENODEV'),
      see('MCAST_PORT of 1 byte', odd(7, '01'), at(52)),
      see('MCAST_TTL of no byte', odd(8, ''), at(52)),
      see('a name of 15 characters', odd(2, name(15)), 'ENODEV'),
      see('a name of 16 characters', odd(2, name(16)), at(52)),
      see('a name without a NUL', odd(2, '6162'), at(52)),
      see('a name of no byte', odd(2, ''), at(52)),
      see('an unknown attribute', odd(9, '01'), 'ENODEV'),
      see(
        'junk at the end of the nest',
        p.do(
          'newDaemon',
          nest(3, daemon({ ...MASTER, interface: 'nosuch0' }).subarray(4), Uint8Array.of(1, 2)),
        ),
        'ENODEV "bytes leftover after parsing attributes"',
      ),
      see('an empty nest', p.do('newDaemon', raw(3, '')), 'EINVAL'),
      see(
        'a nest of two bytes',
        p.do('newDaemon', raw(3, '0101')),
        on({ default: `ERANGE "${FAILED}" at 20` }),
      ),
    ];
  }),
];
