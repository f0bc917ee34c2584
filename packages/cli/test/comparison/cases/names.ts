/** Names in listings, as the machine's own tables of hosts and services give them. */
import type { Group } from '../case.js';

const TABLE = [
  '-A -t 127.0.0.1:80',
  '-a -t 127.0.0.1:80 -r 10.0.0.2:8080 -m',
  '-a -t 127.0.0.1:80 -r 10.0.0.3:443 -m',
  '-a -t 127.0.0.1:80 -r 127.0.0.1:22 -m',
  '-A -u 127.0.0.1:53',
  '-a -u 127.0.0.1:53 -r 10.0.0.2:53 -m',
  '-a -u 127.0.0.1:53 -r 10.0.0.2:80 -m',
  '-A -u 10.0.0.1:123',
  '-A -t 10.0.0.1:69',
  '-A -u 10.0.0.1:69',
  '-A --sctp-service 127.0.0.1:80',
  '-A --sctp-service 127.0.0.1:2905',
  '-A -t [::1]:443',
  '-a -t [::1]:443 -r [fd00::1]:443 -m',
  '-A -t [fd00::1]:1524',
  '-A -f 3',
  '-a -f 3 -r 127.0.0.1:80 -m',
  '-A -t 127.0.0.1:0 -p',
].join('\n');

/** Listings without -n, and words with names. */
export const NAMES: readonly Group[] = [
  {
    name: 'names in listings',
    rules: TABLE,
    cases: [
      '',
      '-l',
      '-l --stats',
      '-l --rate',
      '-l --thresholds',
      '-l --persistent-conn',
      '-l --tun-info',
      '-S',
      '-l -t localhost:http',
      '-l -t localhost:www',
      '-l -u localhost:domain',
      '-ln -u localhost:domain',
      '-l -f 3',
      '-l -t [::1]:https',
      '-l -t localhost',
      '-l -t localhost:nope',
    ],
  },
  {
    name: 'names in words',
    rules: TABLE,
    changing: 'each',
    cases: [
      '-A -t localhost:https',
      '-a -t localhost:http -r localhost:ssh -w 3',
      '-a -t localhost:http -r localhost:https -m',
      '-d -t localhost:http -r localhost:ssh',
      '-e -t localhost:http -r localhost:ssh -m -w 6',
      '-D -t localhost:http',
      '-D -u localhost:domain',
      '-A -t localhost:8888 -p -M localhost',
    ],
  },
];
