import { type Family } from '@ipvs-ts/ipvs';
import { type LookUp, readHost, readPort } from './endpoint.js';
import type { Entry } from './sections.js';
import type { Settings } from './settings.js';

/** A virtual service: its address or mark, and its protocol. */
export interface Virtual {
  readonly family: Family;
  /** Undefined for a mark. */
  readonly address: string | undefined;
  /** 0 for a mark. */
  readonly port: number;
  readonly fwmark: number;
  readonly protocol: 'tcp' | 'udp' | 'fwm';
  /** The protocol of `negotiate` checks. */
  readonly service: string;
}

/** The service of a port. */
const SERVICES: Readonly<Record<number, string>> = {
  21: 'ftp',
  25: 'smtp',
  53: 'dns',
  80: 'http',
  110: 'pop',
  119: 'nntp',
  143: 'imap',
  389: 'ldap',
  443: 'https',
  587: 'submission',
  636: 'ldaps',
  993: 'imaps',
  995: 'pops',
  1521: 'oracle',
  1812: 'radius',
  3128: 'http_proxy',
  3306: 'mysql',
  5060: 'sip',
  5432: 'pgsql',
};

/** The services that `negotiate` checks support. */
export const NEGOTIATED = [...Object.values(SERVICES), 'simpletcp', 'none'];

/** The port of a service; undefined for `none` and the like. */
export function portOfService(service: string): number | undefined {
  const port = Object.keys(SERVICES).find((each) => SERVICES[Number(each)] === service);
  return port === undefined ? undefined : Number(port);
}

/** Reads `virtual = ADDRESS:PORT|MARK`; returns why not for anything else. */
export function readVirtual({ key, value }: Entry, settings: Settings, lookUp: LookUp): Virtual | string {
  const family = key === 'virtual6' ? 'ipv6' : 'ipv4';
  const asked = settings.text('protocol');
  const endpoint = /^(\[[0-9A-Fa-f:]+\]|[0-9A-Za-z._+-]+):([0-9A-Za-z_-]+)/.exec(value);
  if (endpoint === null) {
    const fwmark = Number(/^\d+/.exec(value)?.[0] ?? 0);
    if (fwmark < 1 || fwmark > 0xffff_ffff) return 'it is neither an address with a port nor a firewall mark';
    if (asked !== undefined && asked !== 'fwm') return 'the protocol of a firewall mark is fwm';
    const service = settings.text('service') ?? 'none';
    return { family, address: undefined, port: 0, fwmark, protocol: 'fwm', service };
  }
  const [, host = '', portText = ''] = endpoint;
  const protocol = asked ?? (/^(?:53|domain)$/.test(portText) ? 'udp' : 'tcp');
  if (protocol !== 'tcp' && protocol !== 'udp') return 'the protocol of an address is tcp or udp';
  const address = readHost(host, family, lookUp);
  if (address === undefined)
    return `${host} is no ${family} address, and no name that is known here; write the address`;
  const port = readPort(portText, protocol, lookUp);
  if (port === undefined) return `${portText} is no port, and no service that is known here`;
  const service = settings.text('service') ?? SERVICES[port] ?? 'none';
  return { family, address, port, fwmark: 0, protocol, service };
}
