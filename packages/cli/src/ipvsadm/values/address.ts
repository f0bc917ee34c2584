/** `address[:port]`, the argument of `-t`, `-u`, `--sctp-service` and `-r`. */
import type { Family } from '@ipvs-ts/ipvs';
import { parseAddress } from '@ipvs-ts/ipvs/verbs-sync';
import { hostAddress, servicePort, type NameLookup } from '../language/names.js';
import { inetAton } from '../language/inet.js';
import { parseInteger } from './integer.js';

/** The content of an address argument. */
export interface Endpoint {
  readonly family: Family;
  readonly address: string;
  /** Absent if there is none, which is not the same as port 0. */
  readonly port: number | undefined;
}

/**
 * Reads an address argument; `protocol` is the one known so far, for service names. It is tried as an IPv6 address
 * first, with or without brackets, so `fd00::1:80` is an address without a port; IPv4 in brackets loses its port.
 */
export function parseEndpoint(
  text: string,
  protocol: string | undefined,
  names: NameLookup,
): Endpoint | undefined {
  if (!text.includes('.') && !text.includes(':') && /^[0-9]*$/.test(text)) return undefined;
  let host = text;
  let port: string | undefined;
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    if (close < 0 || text[close + 1] !== ':') return undefined;
    host = text.slice(1, close);
    port = text.slice(close + 2);
  }
  if (isIpv6(host)) return withPort('ipv6', host, port, protocol, names);
  const colon = host.lastIndexOf(':');
  port = colon < 0 ? undefined : host.slice(colon + 1);
  if (colon >= 0) host = host.slice(0, colon);
  const address = inetAton(host) ?? hostAddress(names, host);
  return address === undefined ? undefined : withPort('ipv4', address, port, protocol, names);
}

/** Most texts are IPv4 addresses with a port; the shortest IPv6 address has two colons. */
function isIpv6(host: string): boolean {
  return host.indexOf(':') !== host.lastIndexOf(':') && parseAddress(host)?.family === 'ipv6';
}

function withPort(
  family: Endpoint['family'],
  address: string,
  port: string | undefined,
  protocol: string | undefined,
  names: NameLookup,
): Endpoint | undefined {
  if (port === undefined) return { family, address, port };
  const number = parseInteger(port, 0, 65535) ?? servicePort(names, port, protocol);
  return number === undefined ? undefined : { family, address, port: number };
}
