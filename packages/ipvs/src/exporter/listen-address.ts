import { isIPv4, isIPv6 } from 'node:net';
import { THROW } from '../argument-checks.js';

/** The address of a server. */
export interface ListenAddress {
  readonly host: string;
  /** 0 lets the kernel choose one. */
  readonly port: number;
}

const ALLOWED =
  'an address and a port, such as 127.0.0.1:9107 or [::1]:9107 (0.0.0.0:9107 or [::]:9107: all addresses of the host)';

/**
 * Reads an address and a port: `127.0.0.1:9107`, `[::1]:9107`; names of hosts are not looked up. Ports are from 0 to
 * 65535; with 0 the kernel chooses one. Throws a `TypeError` or `RangeError` that names `path` for everything else.
 */
export function parseListenAddress(text: string, path = 'listen'): ListenAddress {
  const fail = (kind: 'type' | 'range'): void => THROW.add(path, { kind, allowed: ALLOWED, value: text });
  if (typeof text !== 'string') fail('type');
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]*)\]|([^[\]:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const isAddress = bracketed === undefined ? isIPv4(plain ?? '') : isIPv6(bracketed);
  if (digits === '' || !isAddress || port > 65_535) fail('range');
  return { host: bracketed ?? plain ?? '', port };
}

/** An address and a port as in a URL: IPv6 in brackets. */
export function listenAddressText({ host, port }: ListenAddress): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
