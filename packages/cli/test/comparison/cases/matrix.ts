/** Every command with every option: which are required, illegal, in conflict. */
import type { Group } from '../case.js';

const VALUES: Readonly<Record<string, string>> = {
  '-s': 'rr',
  '-p': '300',
  '-M': '255.255.255.0',
  '-r': '10.0.0.9:80',
  '-w': '3',
  '-x': '0',
  '-y': '0',
  '--mcast-interface': 'eth0',
  '--syncid': '3',
  '--pe': 'none',
  '-b': 'flag-1',
  '--mcast-group': '224.0.0.81',
  '--mcast-port': '9',
  '--mcast-ttl': '9',
  '--sync-maxlen': '1000',
  '--tun-type': 'ipip',
  '--tun-port': '9',
  '-t': '10.9.9.9:80',
  '--sctp-service': '10.9.9.9:80',
};

const SWITCHES = [
  ...['-n', '-c', '-m', '-i', '-g', '--timeout', '--daemon', '--stats', '--rate', '--thresholds'],
  ...['--persistent-conn', '--nosort', '-X', '-o', '--tun-info', '--tun-nocsum', '--tun-csum'],
  ...['--tun-remcsum', '--sort', '-6'],
];

const OPTIONS = [...SWITCHES, ...Object.entries(VALUES).map(([option, value]) => `${option} ${value}`)];

/** Commands that fail or show something when nothing else is given, so that a table stays as it is. */
const COMMANDS = [
  '-D -t 10.9.9.8:80',
  '-Z -t 10.9.9.8:80',
  '-a -t 10.9.9.8:80 -r 10.0.0.9:80',
  '-e -t 10.9.9.8:80 -r 10.0.0.9:80',
  '-d -t 10.9.9.8:80 -r 10.0.0.9:80',
  '-E -t 10.9.9.8:80',
  '-l',
  '-S',
  '-R',
  '-C',
  '--set 0 0 0',
  '--stop-daemon master',
];

/** Those that stand for the rest when time counts. */
const FIRST = ['-l', '-a -t 10.9.9.8:80 -r 10.0.0.9:80', '--stop-daemon master'];

/** All pairs. */
export const MATRIX: readonly Group[] = [
  ...COMMANDS.map((command): Group => ({
    name: `options of ${command}`,
    ...(!FIRST.includes(command) && { thorough: true }),
    cases: OPTIONS.map((option) => `${command} ${option}`),
  })),
  {
    name: 'options of -A and --start-daemon',
    changing: 'each',
    cases: [
      ...[
        '-n',
        '-c',
        '-m',
        '-r 10.0.0.9:80',
        '-w 1',
        '--rate',
        '--tun-csum',
        '--syncid 1',
        '-X',
        '--nosort',
      ].map((option) => `-A -t 10.9.9.9:80 ${option}`),
      ...['-n', '-s rr', '-t 10.9.9.9:80', '-p', '--stats', '--tun-port 1', '-o'].map(
        (option) => `--start-daemon master ${option}`,
      ),
    ],
  },
  {
    name: 'required options and their order',
    cases: [
      '-A',
      '-E',
      '-D',
      '-a',
      '-e',
      '-d',
      '-A -s rr',
      '-A -f 1 -n -c --stats',
      '-A -n',
      '-A -c --stats',
      '-A -s rr -m',
      '-a -t 10.0.0.1:80',
      '-a -r 10.0.0.1:80',
      '-a -m',
      '-a -n',
      '-a -t 10.0.0.1:80 -s rr',
      '-d -t 10.0.0.1:80',
      '-d -t 10.0.0.1:80 -r 10.0.0.2:80 -m',
      '-e -t 10.0.0.1:80 -w 2',
    ],
  },
  {
    name: 'conflicts of -l',
    cases: [
      '-l --stats --rate',
      '-l --stats --rate --thresholds --persistent-conn --tun-info -n --exact --nosort',
      '-l --rate --thresholds --persistent-conn --tun-info',
      '-l --thresholds --persistent-conn --tun-info',
      '-l --persistent-conn --tun-info',
      '-l -t 10.0.0.1:80 -c',
      '-l -c -t 10.0.0.1:80',
      '-l --timeout --daemon',
      '-l --timeout --daemon --stats',
      '-l -c --timeout',
      '-l -t 10.0.0.1:80 --daemon',
      '-l -t 10.0.0.1:80 -c --timeout --daemon',
      '-l --timeout --stats',
      '-l --timeout --rate',
      '-l --timeout --thresholds',
      '-l --timeout --persistent-conn',
      '-l --timeout --tun-info',
      '-l --timeout --nosort',
      '-l --timeout -n -X',
      '-l --daemon --stats',
      '-l --daemon --persistent-conn',
      '-l -c --rate',
      '-l -c --stats',
      '-l -c --thresholds',
      '-l --syncid 3',
      '-l --syncid 3 --timeout',
      '-l --syncid x --timeout',
    ],
  },
];
