/** The layouts of the table: titles, and the lines of services and destinations, for both makers. */
import type { CounterValue, LineKind, LinePattern } from '@ipvs-ts/ipvs/verbs-sync';
import type { Layout, TableLines } from './format.js';
import { CHECKSUMS, DESCRIPTION, FORWARDING, SERVER, SERVICE } from './columns.js';

type ServerLine = TableLines['destination'];

const SERVICES = 'Prot LocalAddress:Port';
const SERVERS = '  -> RemoteAddress:Port';

/** The width of the name of a service or destination, with the arrow. */
const NAME = 33;
/** The most characters of an IPv4 endpoint. */
const ENDPOINT = 28;

/** Every layout; counters may be `exact`. */
export function layoutLines(layout: Layout, exact: boolean): TableLines {
  const kind = exact ? 'full' : 'scaled';
  switch (layout) {
    case 'plain':
      return described(
        [`${SERVICES} Scheduler Flags`, `${SERVERS}           Forward Weight ActiveConn InActConn`],
        [...FORWARDING, ...column('weight', 6), ...CONNECTIONS],
      );
    case 'tun-info':
      return described(
        [
          `${SERVICES} Scheduler Flags`,
          `${SERVERS}           Forward TunnelInfo    Weight ActiveConn InActConn`,
        ],
        [...FORWARDING, ' ', ...TUNNEL, ...column('weight', 6), ...CONNECTIONS],
      );
    case 'thresholds':
      return described(title(['Uthreshold', 10], ['Lthreshold', 10], ['ActiveConn', 10], ['InActConn', 10]), [
        ...column('upperThreshold', 10),
        ...column('lowerThreshold', 10),
        ...CONNECTIONS,
      ]);
    case 'persistent-conn':
      return described(title(['Weight', 9], ['PersistConn', 11], ['ActiveConn', 10], ['InActConn', 10]), [
        ...column('weight', 9),
        ...column('persistentConnections', 11),
        ...CONNECTIONS,
      ]);
    case 'stats': {
      const columns = counters(
        kind,
        ...(['connections', 'inPackets', 'outPackets', 'inBytes', 'outBytes'] as const),
      );
      return counted(['Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'], columns, columns);
    }
    case 'rate': {
      const counts = ['connectionRate', 'inPacketRate', 'outPacketRate'] as const;
      const bytes = counters(kind, 'inByteRate', 'outByteRate');
      return counted(
        ['CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS'],
        [...counters(kind, ...counts), ...bytes],
        // The first three of a destination's rates are never scaled.
        [...counters('full', ...counts), ...bytes],
      );
    }
  }
}

const TUNNEL: ServerLine = [
  {
    width: 13,
    parts: [
      {
        either: [
          [
            {
              value: 'tunnelType',
              options: { ipip: 'ipip', gue: 'gue:', gre: 'gre:' },
              // What C's printf writes for a null pointer.
              other: '(null)',
            },
            { optional: [{ value: 'tunnelPort', as: 'number' }, ':'] },
            { optional: [{ value: 'checksum', options: CHECKSUMS }] },
          ],
          ['n/a'],
        ],
      },
    ],
  },
];

const CONNECTIONS: ServerLine = [...column('activeConnections', 10), ...column('inactiveConnections', 10)];

/** Layouts whose lines of services have their settings. */
function described(titleLines: readonly [string, string], columns: ServerLine): TableLines {
  return {
    title: titleText(titleLines),
    counted: false,
    endpointWidth: ENDPOINT,
    service: [...SERVICE, ' ', ...DESCRIPTION, '\n'],
    destination: [{ width: NAME, parts: SERVER }, ...columns, '\n'],
  };
}

/** Layouts with counters of services and destinations. */
function counted(
  names: readonly string[],
  ofService: LinePattern<CounterValue>,
  ofServer: LinePattern<CounterValue>,
): TableLines {
  return {
    title: titleText([SERVICES.padEnd(NAME) + names.map((name) => ` ${name.padStart(8)}`).join(''), SERVERS]),
    counted: true,
    endpointWidth: ENDPOINT,
    service: [{ width: NAME, parts: SERVICE }, ...ofService, '\n'],
    destination: [{ width: NAME, parts: SERVER }, ...ofServer, '\n'],
  };
}

function column(
  value: Exclude<Extract<ServerLine[number], { as: unknown }>['value'], CounterValue>,
  width: number,
): ServerLine {
  return [' ', { width, parts: [{ value, as: 'number' }] }];
}

function counters(kind: LineKind, ...names: readonly CounterValue[]): LinePattern<CounterValue> {
  return names.map((value) => ({ value, as: kind }));
}

function titleText([services, servers]: readonly [string, string]): string {
  return `${services}\n${servers}\n`;
}

function title(...columns: readonly (readonly [name: string, width: number])[]): [string, string] {
  return [SERVICES.padEnd(NAME) + columns.map(([name, width]) => ` ${name.padEnd(width)}`).join(''), SERVERS];
}
