/** Values of options: some that are accepted where they fit, and some that are refused or read in unexpected ways. */
import { SCHEDULERS } from '@ipvs-ts/ipvs';
import type { OptionName } from '../../../dist/ipvsadm/language/options.js';
import type { Source } from './source.js';

interface Values {
  readonly good: readonly string[];
  readonly odd: readonly string[];
}

/**
 * Few addresses, so that commands meet what others have made. IPv4 services lie below 128.0.0.0: within half of the
 * numbers the reference's comparison is an order, and listings do not depend on the namespace.
 */
const SERVICES: Values = {
  good: [
    ...['10.0.0.1:80', '10.0.0.1:80', '10.0.0.1:443', '10.0.0.2:80', '10.0.0.3:53', '[fd00::1]:80'],
    ...[
      '[fd00::1]:80',
      '[2001:db8::5]:443',
      '10.0.0.1:0',
      '10.0.0.4',
      'fd00::1',
      'localhost:http',
      '127.0.0.1:53',
    ],
  ],
  odd: [
    ...['', '80', '10.0.0.1:', ':80', '[fd00::1]', '[fd00::1', '10.0.0.1:65536', '10.0.0.1:-1', '10.0.0:80'],
    ...[
      'fd00::1:80',
      '[10.0.0.1]:80',
      '1.2.3.4.5:80',
      '0x0a000001:80',
      '010.0.0.1:80',
      '10.0.0.1 x:80',
      '1:80',
    ],
    ...[
      '300.1.1.1:1',
      '10.0.0.1:domain',
      '10.0.0.1:+80',
      '[fd00::1%lo]:80',
      '[::10.0.0.1]:80',
      '::',
      '0.0.0.0',
    ],
    ...[
      '0.0.0.0:0',
      '[::]:0',
      '10.0.0.1:http',
      '10.0.0.1:nope',
      'no.such.host.invalid:80',
      '-',
      '[]:80',
      '[:80',
    ],
    ...['fd00:::1', '[fd00::1]80', '[fd00::1]:', 'é:80', '10.0.0.1:80:80', 'localhost', '127.0.0.1:0x50'],
  ],
};

const NUMBERS: readonly string[] = [
  ...['-1', '', 'x', '0x10', '7a', ' 7', '7 ', '+7', '010', '1e3', '99999999999999999999', '-', '٣', '\t3'],
  ...['65535', '65536', '0', '255', '256', '-0', '+', '1,000'],
];

const VALUES: Partial<Record<OptionName, Values>> = {
  'tcp-service': SERVICES,
  'udp-service': SERVICES,
  'sctp-service': SERVICES,
  'fwmark-service': { good: ['1', '7', '7', '70000', '2147483647'], odd: [...NUMBERS, '4294967296'] },
  scheduler: {
    good: [...SCHEDULERS, 'rr', 'wlc', 'sh', 'mh', 'none'],
    odd: ['', 'nope', ' rr', 'rr ', 'RR', 'rr,wrr', 'averyveryverylongname', 'é', '-s', 'wlcwlcwlcwlcwlcw'],
  },
  pe: { good: ['sip'], odd: ['', 'none', 'SIP', ' sip', 'averyveryverylongname', 'sip,sip'] },
  persistent: { good: ['1', '300', '3600', '2678400'], odd: [...NUMBERS, '2678401', '3s', '10.0.0.1:80'] },
  netmask: {
    good: ['255.255.255.0', '255.255.0.0', '255.255.255.255', '64', '128', '1', '0xffffff00', '24'],
    odd: [
      '',
      'nope',
      '129',
      '0',
      '-1',
      '64abc',
      '255.255.255.256',
      '255.0.255.0',
      '255.255.255',
      'localhost',
      '::',
    ],
  },
  'real-server': {
    good: [
      ...[
        '10.0.0.2',
        '10.0.0.2:80',
        '10.0.0.2:80',
        '10.0.0.3:8080',
        '10.0.0.4:0',
        '192.168.0.5:80',
        '172.16.0.9',
      ],
      ...['[fd00::2]:80', '[fd00::2]:80', 'fd00::3', '[2001:db8::9]:8080', '127.0.0.1:80', 'localhost:http'],
    ],
    odd: [
      ...[
        '224.0.0.1',
        '0.0.0.0',
        '255.255.255.255:1',
        '::',
        'ff02::1',
        'fe80::1',
        '::ffff:10.0.0.9',
        '',
        'nope',
      ],
      ...[
        '10.0.0.2:',
        '10.0.0.2:99999',
        '[10.0.0.9]:80',
        '8080',
        '10.0.0.2:http',
        '10.0.0.2:nope',
        '[fd00::2]',
      ],
    ],
  },
  weight: { good: ['0', '1', '5', '100', '65536', '2147483647'], odd: NUMBERS },
  'u-threshold': { good: ['0', '10', '100', '2147483647'], odd: NUMBERS },
  'l-threshold': { good: ['0', '5', '10'], odd: NUMBERS },
  'tun-type': { good: ['ipip', 'gue', 'gue', 'gre'], odd: ['', 'GUE', 'vxlan', 'gue '] },
  'tun-port': { good: ['1', '6080', '65535'], odd: NUMBERS },
  'sched-flags': {
    good: [
      'flag-1',
      'flag-2,flag-3',
      'sh-port',
      'sh-fallback,sh-port',
      'mh-fallback',
      'mh-port,mh-port',
      'flag-3',
    ],
    odd: ['', 'nope', 'flag-1,,x', ',flag-1', 'flag-1,', 'FLAG-1', 'sh-port,mh-port', 'flag-1 flag-2'],
  },
  syncid: { good: ['0', '1', '255'], odd: NUMBERS },
  'sync-maxlen': { good: ['1', '1400', '65507'], odd: [...NUMBERS, '65508'] },
  'mcast-interface': { good: ['eth0', 'lo'], odd: ['', 'nope', 'averyveryverylonginterface', 'eth0 '] },
  'mcast-group': {
    good: ['224.0.0.81', '239.1.2.3', 'ff02::1', 'FF05::9'],
    odd: [
      '',
      '10.0.0.1',
      '240.0.0.1',
      '224.1',
      '224.0.0.081',
      'fd00::1',
      'ff02::zz',
      '[ff02::1]',
      'ff02::1%lo',
    ],
  },
  'mcast-port': { good: ['1', '8848', '65535'], odd: NUMBERS },
  'mcast-ttl': { good: ['1', '64', '255'], odd: NUMBERS },
};

/** A value for an option that takes one; an option without values is a gap in this table. */
export function valueFor(option: OptionName, source: Source, odd = false): string {
  const values = VALUES[option];
  if (!values) throw new Error(`no values for --${option}`);
  return source.pick(odd ? values.odd : values.good);
}

/** The argument of a command that takes one. */
export function daemonState(source: Source, odd = false): string {
  return source.pick(odd ? ['', 'foo', 'MASTER', 'master ', '-'] : ['master', 'backup']);
}

/** A plain word of `--set`. */
export function timeoutWord(source: Source, odd = false): string {
  return source.pick(odd ? [...NUMBERS, '2678401'] : ['0', '1', '900', '120', '300', '2678400']);
}
