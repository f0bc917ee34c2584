/** Sync daemons and connection timeouts. */
import type { Group } from '../case.js';

const GROUPS = [
  ...[
    '224.1',
    '0xe0000001',
    '224.0.0.081',
    '224.0.0.81',
    '239.255.255.255',
    '240.0.0.1',
    '10.0.0.1',
    'ff02::1',
  ],
  ...['FF05::2', 'fd00::1', 'ff02::zz', '::', '', ' 224.0.0.1', 'ff02::1%lo', '[ff02::1]', 'ff02::1.2.3.4'],
];

/** Of these the kernel can make daemons. */
const TAKEN = ['224.0.0.81', '239.255.255.255', 'ff02::1', 'FF05::2', 'ff02::1.2.3.4'];

const REFUSED = [
  '--mcast-interface nope',
  '--mcast-interface averyveryverylonginterface',
  ...['256', '-1', 'x', ''].map((value) => `--syncid=${value}`),
  ...['0', '256', 'x'].map((value) => `--mcast-ttl ${value}`),
  ...['0', '65536', 'x'].map((value) => `--mcast-port ${value}`),
  ...['0', '65508', 'x'].map((value) => `--sync-maxlen ${value}`),
];

const STARTED = [
  '',
  '--mcast-interface eth0',
  '--mcast-interface=',
  '--syncid=0',
  '--syncid=255',
  '--syncid=010',
  '--mcast-ttl 255',
  '--mcast-port 1',
  '--sync-maxlen 1',
  '--sync-maxlen 1400',
  '--sync-maxlen 65507',
  '--syncid 7 --mcast-ttl 3 --mcast-port 99 --sync-maxlen 1200 --mcast-group 239.0.0.9 --mcast-interface eth0',
  '--mcast-group ff05::9 --mcast-ttl 4 --syncid 9',
];

/** A daemon that is stopped in the moment in which it starts never answers: each step is a start of its own. */
function started(state: string, options: string): string[] {
  const start = `--start-daemon ${state}`;
  return [`${start} ${options}`.trim(), '-l --daemon', `--stop-daemon ${state}`];
}

/** Daemons that run, one after the other. */
export const DAEMONS: readonly Group[] = [
  {
    name: 'daemon words',
    cases: [
      '--start-daemon foo',
      '--start-daemon=',
      '--start-daemon MASTER',
      '--stop-daemon x',
      '--stop-daemon=',
      '--stop-daemon master',
      '--stop-daemon backup --syncid 3',
      '--stop-daemon backup --mcast-port 3',
      '--start-daemon backup -n',
      '--start-daemon backup --syncid 1 --syncid 2',
      '-l --daemon',
      '-l --timeout',
      ...REFUSED.map((options) => `--start-daemon master ${options}`),
      ...GROUPS.filter((group) => !TAKEN.includes(group)).map((group) => ({
        argv: ['--start-daemon', 'master', '--mcast-group', group],
      })),
    ],
  },
  {
    name: 'daemons',
    changing: 'sequence',
    cases: [
      ...STARTED.flatMap((options) => started('master', options)),
      ...TAKEN.flatMap((group) => started('backup', `--mcast-group ${group}`)),
      '--start-daemon backup --syncid 5',
      '--start-daemon master --syncid 6',
      '-l --daemon',
      '-Sn',
      '--start-daemon master',
      '--start-daemon backup',
      '--stop-daemon backup',
      '--stop-daemon backup',
      '-C',
      '-l --daemon',
      '--stop-daemon master --syncid 99',
      '--stop-daemon master',
    ],
  },
];
