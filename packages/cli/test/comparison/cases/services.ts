/** Commands on services and on the whole table. */
import type { Group } from '../case.js';

const TABLE = [
  '-A -t 10.0.0.1:80 -s sh -p 100 -M 255.255.255.0 -b sh-port',
  '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3',
  '-A -u 10.0.0.1:53 -s rr -o',
  '-A -t [fd00::1]:80 -s wrr -p 50 -M 64',
  '-A -f 7 -s lc',
  '-A -f 7 -6 -s lc',
  '-A --sctp-service 10.0.0.1:80',
  '-A -t 0.0.0.0:0 -p',
].join('\n');

const UNKNOWN = [
  '-t 10.0.0.9:80',
  '-u 10.0.0.1:80',
  '-f 8',
  '-f 8 -6',
  '-t [fd00::9]:80',
  '--sctp-service 10.0.0.1:81',
];
const KNOWN = [
  '-t 10.0.0.1:80',
  '-u 10.0.0.1:53',
  '-f 7',
  '-f 7 -6',
  '-t [fd00::1]:80',
  '--sctp-service 10.0.0.1:80',
];

/** Adding, editing, deleting, zeroing services. */
export const SERVICES: readonly Group[] = [
  {
    name: 'services',
    rules: TABLE,
    changing: 'each',
    cases: [
      ...KNOWN.flatMap((service) => [`-A ${service}`, `-E ${service}`, `-D ${service}`, `-Z ${service}`]),
      ...UNKNOWN.flatMap((service) => [`-A ${service}`, `-E ${service}`, `-D ${service}`, `-Z ${service}`]),
      '-A -t 10.0.0.1:80 -s nope',
      '-E -t 10.0.0.1:80 -s nope',
      '-E -t 10.0.0.9:80 -s nope',
      '-E -t 10.0.0.1:80 -s rr',
      '-E -t 10.0.0.1:80 -p',
      '-E -t 10.0.0.1:80 -p 200 -s sh -b sh-fallback',
      '-E -t 10.0.0.1:80 -s sh',
      '-E -u 10.0.0.1:53 -s rr',
      '-E -u 10.0.0.1:53 -s rr --pe sip -p',
      '-E -f 7 -o',
      '-E -f 7 -6 -p 3 -M 40',
      '-A -t 10.0.0.1:0',
      '-A -t 10.0.0.1',
      '-A -t 10.0.0.5 -p',
      '-A -t 10.0.0.5:0 -p 60 -s rr',
      '-E -t 10.0.0.1:0',
      '-A -t 10.0.0.5:80 -o',
      '-A --sctp-service 10.0.0.5:80 -o',
      '-A -t 10.0.0.5:0 -o',
      '-A -u 10.0.0.5:80 -o',
      '-A -u 10.0.0.5:80 -o -p 30',
      '-A -u 10.0.0.5 -o',
      '-A -f 9 -o -p 30',
      '-E -t 10.0.0.1:80 -o',
      '-D -t 10.0.0.1',
      '-D -t 10.0.0.1:0',
      '-D -t 0.0.0.0:0',
      '-D -u 0.0.0.0:0',
      '-Z',
      '-Z -t 0.0.0.0:0',
      '-Z -t 0.0.0.0',
      '-Z -u 0.0.0.0',
      '-Z -t [::]:0',
      '-Z -t ::',
      '-Z -t ::1',
      '-Z -t 0.0.0.0:80',
      '-C',
      '--clear',
      '--zero',
    ],
  },
];
