/** The layouts of the table: titles, and what follows a service's and a destination's name in each. */
import type { Counters, Destination, Rates, Service, Stats, Uncounted } from '@ipvs-ts/ipvs';
import { forwardingText, tunnelText } from './destination-text.js';
import type { Format, Layout } from './format.js';
import { largeNumber } from './numbers.js';
import { serviceDescription } from './service-text.js';

/** One layout of the table. */
export interface LayoutText {
  /** The two title lines. */
  readonly title: readonly [string, string];
  /** Whether it shows counters: they are not read for the others. */
  readonly counted: boolean;
  /** The whole of a service's line, given its name. */
  readonly service: (name: string, service: Uncounted<Service>, format: Format) => string;
  /** What follows a destination's name. */
  readonly destination: (destination: Uncounted<Destination>, format: Format) => string;
}

const SERVICES = 'Prot LocalAddress:Port';
const SERVERS = '  -> RemoteAddress:Port';

const described = (name: string, service: Uncounted<Service>): string =>
  `${name} ${serviceDescription(service)}`;

/** Every layout. */
export const LAYOUTS: Record<Layout, LayoutText> = {
  plain: {
    title: [`${SERVICES} Scheduler Flags`, `${SERVERS}           Forward Weight ActiveConn InActConn`],
    counted: false,
    service: described,
    destination: (server) =>
      ` ${forwardingText(server).padEnd(7)}${column(server.weight, 6)}${column(server.activeConnections, 10)}${column(server.inactiveConnections, 10)}`,
  },
  'tun-info': {
    title: [
      `${SERVICES} Scheduler Flags`,
      `${SERVERS}           Forward TunnelInfo    Weight ActiveConn InActConn`,
    ],
    counted: false,
    service: described,
    destination: (server) =>
      ` ${forwardingText(server).padEnd(7)} ${tunnelText(server).padEnd(13)}` +
      columns([server.weight, 6], [server.activeConnections, 10], [server.inactiveConnections, 10]),
  },
  thresholds: {
    title: [
      SERVICES.padEnd(33) +
        columns(['Uthreshold', 10], ['Lthreshold', 10], ['ActiveConn', 10], ['InActConn', 10]),
      SERVERS,
    ],
    counted: false,
    service: described,
    destination: (server) =>
      columns(
        [server.upperThreshold, 10],
        [server.lowerThreshold, 10],
        [server.activeConnections, 10],
        [server.inactiveConnections, 10],
      ),
  },
  'persistent-conn': {
    title: [
      SERVICES.padEnd(33) +
        columns(['Weight', 9], ['PersistConn', 11], ['ActiveConn', 10], ['InActConn', 10]),
      SERVERS,
    ],
    counted: false,
    service: described,
    destination: (server) =>
      columns(
        [server.weight, 9],
        [server.persistentConnections, 11],
        [server.activeConnections, 10],
        [server.inactiveConnections, 10],
      ),
  },
  stats: {
    title: counterTitle('Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'),
    counted: true,
    service: (name, service, format) => name.padEnd(33) + counters(statsOf(service), format.exact),
    destination: (server, format) => counters(statsOf(server), format.exact),
  },
  rate: {
    title: counterTitle('CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS'),
    counted: true,
    service: (name, service, format) => name.padEnd(33) + counters(ratesOf(service), format.exact),
    destination: (server, format) => destinationRates(ratesOf(server), format.exact),
  },
};

/** Layouts that are `counted` are given entries with counters. */
function statsOf(counted: Uncounted<Service> | Uncounted<Destination>): Stats {
  return (counted as Service | Destination).stats;
}

function ratesOf(counted: Uncounted<Service> | Uncounted<Destination>): Rates {
  return (counted as Service | Destination).rates;
}

/** The first three of a destination's rates are never scaled. */
function destinationRates(rates: Rates, exact: boolean): string {
  return (
    [rates.connections, rates.inPackets, rates.outPackets]
      .map((rate) => ` ${String(rate).padStart(8)}`)
      .join('') + [rates.inBytes, rates.outBytes].map((rate) => largeNumber(rate, exact)).join('')
  );
}

function columns(...cells: readonly (readonly [value: string | number, width: number])[]): string {
  return cells.map(([value, width]) => column(value, width)).join('');
}

function column(value: string | number, width: number): string {
  return ` ${String(value).padEnd(width)}`;
}

function counterTitle(...names: readonly string[]): [string, string] {
  return [SERVICES.padEnd(33) + names.map((name) => ` ${name.padStart(8)}`).join(''), SERVERS];
}

function counters(counts: Counters<bigint | number>, exact: boolean): string {
  const { connections, inPackets, outPackets, inBytes, outBytes } = counts;
  return (
    largeNumber(connections, exact) +
    largeNumber(inPackets, exact) +
    largeNumber(outPackets, exact) +
    largeNumber(inBytes, exact) +
    largeNumber(outBytes, exact)
  );
}
