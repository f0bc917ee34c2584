/** The values of services and destinations in lines, for the ordinary maker. */
import type { Destination, Service, Stats, Uncounted } from '@ipvs-ts/ipvs';
import {
  type CounterValue,
  type LineValues,
  type ListedDestinationValue,
  type ListedServiceValue,
  ruleFlags,
  SERVICE_FLAG,
  serviceNameValues,
} from '@ipvs-ts/ipvs/verbs-sync';
import { endpointText, type NameLookup } from '../language/names.js';

/** How endpoints are printed. */
export interface EndpointFormat {
  /** If absent, addresses and ports stay numbers. */
  readonly names: NameLookup | undefined;
  /** The most characters of an IPv4 endpoint. */
  readonly width: number;
  /** Whether to show counters. */
  readonly counted: boolean;
}

type ServiceValues = LineValues<ListedServiceValue>;

/** The values of a service. */
export function serviceValues(service: Uncounted<Service>, format: EndpointFormat): ServiceValues {
  const { scheduler, persistence, onePacket, rawFlags } = service;
  const persistent = persistence !== undefined && (rawFlags & SERVICE_FLAG.persistent) !== 0;
  const engine = persistence?.engine;
  return {
    ...serviceName(service, format),
    scheduler,
    timeout: persistent ? persistence.timeout : undefined,
    netmask: persistent ? netmaskText(service) : undefined,
    // Saved even if the service is not persistent, unlike in listings.
    engine: engine === '' ? undefined : engine,
    onePacket: onePacket ? 1 : undefined,
    flags: ruleFlags(scheduler, rawFlags),
    ...(format.counted ? counterValues(service as Service) : {}),
  };
}

/** The name of a service. */
export function serviceName(
  service: Uncounted<Service>,
  format: EndpointFormat,
): ReturnType<typeof serviceNameValues> {
  const endpoint = service.fwmark === undefined ? shown(service, service.protocol, format) : '';
  return serviceNameValues(service, endpoint);
}

/** The netmask of a persistent service, if it is not the whole address. */
function netmaskText({ family, persistence }: Uncounted<Service>): string | undefined {
  const mask = persistence?.netmask;
  const whole: readonly (string | number)[] = family === 'ipv6' ? [128] : ['255.255.255.255', 32];
  return mask === undefined || whole.includes(mask) ? undefined : String(mask);
}

/**
 * The values of a destination of a service. Ports of a fwmark service's destinations have no protocol, and so no name.
 * Written out, since a spread for each line costs more than the rest.
 */
export function destinationValues(
  destination: Uncounted<Destination>,
  protocol: string | undefined,
  { protocol: option, service, fwmark, ipv6 }: ReturnType<typeof serviceNameValues>,
  format: EndpointFormat,
): LineValues<ListedDestinationValue> {
  const { forwarding, tunnel } = destination;
  const { type, port, checksum } = forwarding === 'tunnel' && tunnel ? tunnel : {};
  const values = {
    protocol: option,
    service,
    fwmark,
    ipv6,
    destination: shown(destination, protocol, format),
    forwarding,
    weight: destination.weight,
    upperThreshold: destination.upperThreshold,
    lowerThreshold: destination.lowerThreshold,
    activeConnections: destination.activeConnections,
    inactiveConnections: destination.inactiveConnections,
    persistentConnections: destination.persistentConnections,
    tunnelType: type,
    tunnelPort: type === 'gue' ? port : undefined,
    checksum: type === 'gue' || type === 'gre' ? checksum : undefined,
  };
  return format.counted ? { ...values, ...counterValues(destination as Destination) } : values;
}

function shown(
  endpoint: Uncounted<Service> | Uncounted<Destination>,
  protocol: string | undefined,
  { names, width }: EndpointFormat,
): string {
  const { address = '', port = 0, family } = endpoint;
  const text = endpointText({ address, port }, protocol, names);
  return family === 'ipv6' ? text : text.slice(0, width);
}

function counterValues({ stats, rates }: Service | Destination): Record<CounterValue, bigint | number> {
  const { connections, inPackets, outPackets, inBytes, outBytes }: Stats = stats;
  return {
    ...{ connections, inPackets, outPackets, inBytes, outBytes },
    connectionRate: rates.connections,
    inPacketRate: rates.inPackets,
    outPacketRate: rates.outPackets,
    inByteRate: rates.inBytes,
    outByteRate: rates.outBytes,
  };
}
