import { type Family } from '@ipvs-ts/ipvs';
import { addressRange, type LookUp, readHost, readPort } from './endpoint.js';
import type { Entry } from './sections.js';

/** How packets reach a server, by the names of ldirectord. */
export const FORWARDINGS: Readonly<Record<string, string>> = { gate: 'route', masq: 'masq', ipip: 'tunnel' };

/** A real server. */
export interface Real {
  readonly entry: Entry;
  readonly address: string;
  /** 0 if there is none. */
  readonly port: number;
  readonly forwarding: string;
  readonly weight: number;
  /** Its own request and expected reply, instead of the service's. */
  readonly request: string | undefined;
  readonly receive: string | undefined;
  readonly lowerThreshold: number;
  readonly upperThreshold: number;
}

/** The most servers of one range. */
const MOST_SERVERS = 4096;
const HOST = String.raw`\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+?`;
const REAL = new RegExp(String.raw`^(${HOST})(?:->(${HOST}))?(?::([A-Za-z0-9_-]+))?\s+(\w+)(.*)$`);

/**
 * Reads `real = ADDRESS[->ADDRESS][:PORT] gate|masq|ipip [WEIGHT] ["REQUEST", "RECEIVE"] [l:N] [u:N]`; returns why not
 * for anything else.
 */
export function readReal(entry: Entry, family: Family, lookUp: LookUp): readonly Real[] | string {
  const [, host = '', last, portText = '0', method = '', options = ''] = REAL.exec(entry.value) ?? [];
  const forwarding = FORWARDINGS[method];
  if (host === '') return 'it is not an address with a forwarding method';
  if (forwarding === undefined) return `${method} is none of gate, masq and ipip`;
  const address = readHost(host, family, lookUp);
  const end = last === undefined ? undefined : readHost(last, family, lookUp);
  if (address === undefined || (last !== undefined && end === undefined))
    return `${address === undefined ? host : (last ?? '')} is no ${family} address, and no name that is known here; write the address`;
  const port = readPort(portText, 'tcp', lookUp);
  if (port === undefined) return `${portText} is no port, and no service that is known here`;
  const more = readOptions(options);
  if (typeof more === 'string') return more;
  const addresses = end === undefined ? [address] : addressRange(address, end, MOST_SERVERS);
  if (addresses === undefined) return `the range has no, or more than ${MOST_SERVERS}, IPv4 addresses`;
  return addresses.map((each) => ({ entry, address: each, port, forwarding, ...more }));
}

type Options = Pick<Real, 'weight' | 'request' | 'receive' | 'lowerThreshold' | 'upperThreshold'>;

function readOptions(text: string): Options | string {
  let rest = text;
  const take = (form: RegExp): RegExpExecArray | null => {
    const match = form.exec(rest);
    if (match !== null) rest = rest.slice(match[0].length);
    return match;
  };
  const weight = take(/^\s+(\d+)/)?.[1];
  const [, request, receive] = take(/^\s+"(.*?)"[, ]\s*"(.*?)"/) ?? [];
  const lower = take(/^\s+"?l:(\d+)"?/)?.[1];
  const upper = take(/^\s+"?u:(\d+)"?/)?.[1];
  if (rest.trim() !== '') return `${rest.trim()} is not a weight, a request with its answer, l:N or u:N`;
  const thresholds = { lowerThreshold: Number(lower ?? 0), upperThreshold: Number(upper ?? 0) };
  if (thresholds.lowerThreshold > thresholds.upperThreshold)
    return 'the lower threshold is above the upper one, so the kernel refuses the server';
  return { weight: Number(weight ?? 1), request, receive, ...thresholds };
}
