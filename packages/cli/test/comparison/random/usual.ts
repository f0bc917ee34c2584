/** Services that most random command lines name, so that these find something. */
import type { OptionName } from '../../../dist/ipvsadm/language/options.js';
import type { Source } from './source.js';

/** A service and real servers that it may have: `-r`'s value, then other options. */
export interface UsualService {
  readonly option: OptionName;
  readonly value: string;
  readonly ipv6?: true;
  readonly options: string;
  readonly servers: readonly (readonly [address: string, options: string])[];
}

const USUAL: readonly UsualService[] = [
  {
    option: 'tcp-service',
    value: '10.0.0.1:80',
    options: '-s rr',
    servers: [
      ['10.0.0.2:80', '-m'],
      ['10.0.0.3:8080', '-m -x 10 -y 5'],
      ['192.168.0.5:80', '-g -w 0'],
    ],
  },
  {
    option: 'tcp-service',
    value: '10.0.0.2:80',
    options: '-s sh -b sh-port',
    servers: [
      ['10.0.0.2:80', '-g'],
      ['[fd00::2]:80', '-i'],
    ],
  },
  {
    option: 'udp-service',
    value: '10.0.0.1:80',
    options: '-o',
    servers: [['10.0.0.2:80', '-i --tun-type gre']],
  },
  { option: 'udp-service', value: '10.0.0.3:53', options: '-p 300', servers: [['10.0.0.3:8080', '-m']] },
  { option: 'sctp-service', value: '10.0.0.1:80', options: '', servers: [['10.0.0.2:80', '-m']] },
  {
    option: 'tcp-service',
    value: '[fd00::1]:80',
    ipv6: true,
    options: '-p 60 -M 64',
    servers: [
      ['[fd00::2]:80', '-m'],
      ['fd00::3', '-g'],
    ],
  },
  {
    option: 'udp-service',
    value: '[fd00::1]:80',
    ipv6: true,
    options: '',
    servers: [
      ['[fd00::2]:80', '-i --tun-type gue --tun-port 6080'],
      ['10.0.0.2:80', '-i'],
    ],
  },
  {
    option: 'fwmark-service',
    value: '1',
    options: '-p',
    servers: [
      ['10.0.0.2:80', '-g'],
      ['10.0.0.3:8080', '-m'],
    ],
  },
  { option: 'fwmark-service', value: '7', options: '', servers: [['10.0.0.2', '-m']] },
  {
    option: 'fwmark-service',
    value: '7',
    ipv6: true,
    options: '-s mh -b mh-fallback',
    servers: [['[fd00::2]:80', '-m']],
  },
];

/** One of the usual services. */
export function usualService(source: Source): UsualService {
  return source.pick(USUAL);
}

/** The lines of a table of most of the usual services, with most of their servers. */
export function drawUsualTable(source: Source): string[] {
  return source.some(USUAL, 0.8).flatMap(({ option, value, ipv6, options, servers }) => {
    const key = `--${option} ${value}${option === 'fwmark-service' && ipv6 ? ' -6' : ''}`;
    const lines = source.some(servers, 0.8).map(([address, more]) => `-a ${key} -r ${address} ${more}`);
    return [`-A ${key} ${options}`.trim(), ...lines];
  });
}
