/** Listings of several tables in every layout. */
import type { Group } from '../case.js';

const LAYOUTS = ['', '--stats', '--rate', '--thresholds', '--persistent-conn', '--tun-info'];

const SMALL = [
  '-A -t 10.0.0.1:80 -s rr',
  '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 5',
  '-a -t 10.0.0.1:80 -r 10.0.0.3:80 -g',
  '-a -t 10.0.0.1:80 -r 10.0.0.4:80 -i',
].join('\n');

const MIXED = [
  '-A -t 10.0.0.1:80 -s wlc -p 300',
  '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 2147483647 -x 2147483647 -y 2147483647',
  '-a -t 10.0.0.1:80 -r 10.0.0.3:8080 -m -w 100000 -x 100 -y 50',
  '-A -t 255.255.255.254:65535 -s lblcr -p 2678400 -M 255.255.254.0',
  '-a -t 255.255.255.254:65535 -r 192.168.100.200:65535 -m',
  '-A -u 10.0.0.1:53 -s rr -o',
  '-A -u 10.0.0.2:5060 -s sh -p 20 -o --pe sip -b sh-port -M 255.0.0.0',
  '-A -u 10.0.0.3:5060 -s rr --pe sip',
  '-A --sctp-service 10.0.0.1:7 -s mh -b mh-fallback,mh-port',
  '-A -t 10.0.0.4:80 -s sh -b flag-3',
  '-A -t 10.0.0.5:80 -s mh -b flag-1,flag-3',
  '-A -t 10.0.0.6:80 -s rr -b flag-1,flag-2,flag-3 -p 7',
  '-A -t 10.0.0.7:80 -s none',
  '-A -t 0.0.0.0:0 -p 1 -s rr',
  '-A -t [fd00::1]:80 -s rr -p 300 -M 64',
  '-A -t [2001:db8:1234:5678:9abc:def0:1234:5678]:65535 -s rr',
  '-a -t [2001:db8:1234:5678:9abc:def0:1234:5678]:65535 -r [2001:db8:1234:5678:9abc:def0:1234:ffff]:65535 -m',
  '-a -t [fd00::1]:80 -r [fd00::2]:80 -i --tun-type gue --tun-port 65535 --tun-remcsum -w 3',
  '-a -t [fd00::1]:80 -r 10.0.0.9:80 -i --tun-type gre',
  '-A -t [::10.0.0.1]:80 -s rr',
  '-A -t [64:ff9b::a00:1]:80 -s rr',
  '-A -t [fd00:0:0:1::]:80 -s rr',
  '-A -f 1 -s rr -p 5 -M 255.255.255.0',
  '-A -f 1 -6 -s rr -p 5 -M 1',
  '-a -f 1 -r 10.0.0.2:80 -g',
  '-a -f 1 -r 10.0.0.3:0 -i --tun-type gre --tun-csum',
  '-a -f 1 -6 -r [fd00::3]:443 -m',
  '-A -f 2147483647 -o',
].join('\n');

const TUNNELS = [
  '-A -t 10.0.0.1:80',
  ...['ipip', 'gre', 'gre --tun-csum'].map(
    (type, at) => `-a -t 10.0.0.1:80 -r 10.0.1.${at} -i --tun-type ${type}`,
  ),
  ...['1', '65535 --tun-csum', '6080 --tun-remcsum', '6080 --tun-nocsum'].map(
    (port, at) => `-a -t 10.0.0.1:80 -r 10.0.2.${at} -i --tun-type gue --tun-port ${port}`,
  ),
  '-a -t 10.0.0.1:80 -r 10.0.3.1 -g',
  '-a -t 10.0.0.1:80 -r 10.0.3.2 -m',
].join('\n');

const WHOLE = LAYOUTS.flatMap((layout) =>
  [`-ln ${layout}`, `-l ${layout}`, `-ln ${layout} -X`].map((text) => text.replaceAll(/ +/g, ' ').trim()),
);

function ofService(service: string): string[] {
  return LAYOUTS.map((layout) => `-ln ${service} ${layout}`.trim());
}

/** Whole tables and single services. */
export const LISTINGS: readonly Group[] = [
  { name: 'listing of an empty table', cases: ['', ...WHOLE, '-Sn', '-S', '-ln -t 10.0.0.1:80', '-ln -f 1'] },
  {
    name: 'listing of a small table',
    rules: SMALL,
    cases: [
      '',
      ...WHOLE,
      ...ofService('-t 10.0.0.1:80'),
      '-ln --nosort',
      '-ln -t 10.0.0.1:80 --nosort',
      '-ln --sort',
      '-ln --nosort --sort',
      '-ln --syncid 9',
      '-Sn',
      '-S',
      '-L --numeric --stats --exact',
      '--list',
    ],
  },
  {
    name: 'listing of a mixed table',
    rules: MIXED,
    cases: [
      '',
      ...WHOLE,
      ...ofService('-t 10.0.0.1:80'),
      ...ofService('-t [fd00::1]:80'),
      ...ofService('-f 1'),
      ...ofService('-f 1 -6'),
      ...ofService('-t [2001:db8:1234:5678:9abc:def0:1234:5678]:65535'),
      ...ofService('-t 255.255.255.254:65535'),
      ...ofService('-u 10.0.0.2:5060'),
      ...ofService('--sctp-service 10.0.0.1:7'),
      '-ln -t 10.0.0.4:80',
      '-l -t 10.0.0.5:80',
      '-l -t 0.0.0.0:0',
      '-l -t 0.0.0.0',
      '-ln -t 10.9.9.9:80',
      '-ln -u 10.0.0.1:80',
      '-ln -f 2',
      '-ln -f 2147483647 -6',
      '-ln -t bad',
      '-S',
      '-Sn',
    ],
  },
  {
    name: 'listing of tunnels',
    rules: TUNNELS,
    cases: [...WHOLE, ...ofService('-t 10.0.0.1:80'), '-S', '-Sn'],
  },
];
