/** The connection table, from texts as kernels write them. */
import type { Group } from '../case.js';

const TITLE = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n';

const PLAIN =
  TITLE +
  'TCP 7F000001 9C40 7F000001 0050 0A000002 1F90 ESTABLISHED     899\n' +
  'TCP C0A80164 C350 0A000001 01BB 0A000003 01BB FIN_WAIT        119\n' +
  'UDP C0A80164 0035 0A000001 0035 0A000003 0035 UDP               0\n' +
  'SCTP C0A80164 C350 0A000001 0050 0A000003 0050 ESTABLISHED    3600\n' +
  'IP  C0A80164 0000 0A000001 0000 0A000003 0000 NONE        2678400\n' +
  'TCP 00000000 0000 FFFFFFFF FFFF 0A000003 0050 ERR!             59\n';

const IPV6 =
  TITLE +
  'TCP fd00:0000:0000:0000:0000:0000:0000:0001 C350 2001:0db8:0000:0000:0000:0000:0000:0001 0050 ' +
  'fd00:0000:0000:0000:0000:0000:0000:0002 1F90 SYN_RECV         60\n' +
  'TCP 0000:0000:0000:0000:0000:0000:0000:0001 C350 2001:0db8:0000:0000:0001:0000:0000:0001 0050 ' +
  '0A000002 1F90 SYN_RECV         61\n';

const ENGINE =
  TITLE +
  'UDP C0A80164 13C4 0A000001 13C4 0A000003 13C4 UDP             299 sip 3434-7a\n' +
  'UDP C0A80164 0000 0A000001 13C4 0A000003 13C4 NONE            300\n' +
  'TCP C0A80165 C350 0A000001 0050 0A000002 0050 ESTABLISHED      12\n';

const VIEWS = ['-lc', '-lcn', '-lcn --persistent-conn', '-lc --persistent-conn', '-lcn --nosort --exact'];

/** Connection listings. */
export const CONNECTIONS: readonly Group[] = [
  {
    name: 'connections',
    cases: [
      ...VIEWS,
      ...[TITLE, PLAIN, IPV6, ENGINE].flatMap((connections) => VIEWS.map((argv) => ({ argv, connections }))),
      { argv: '-lc', connections: '' },
      { argv: '-lcn', connections: TITLE.trim() },
    ],
  },
];
