import type { Plain } from '../imported.js';
import { readInteger } from './words/values.js';

/** How packets reach a server, with the names of the document. */
export interface Forwarding {
  readonly forwarding: 'masq' | 'route' | 'tunnel';
  readonly tunnel?: Plain;
}

/** Methods by their names in keepalived, in capital letters as it demands. */
const METHODS: Readonly<Record<string, Forwarding['forwarding']>> = {
  NAT: 'masq',
  DR: 'route',
  TUN: 'tunnel',
};

/** The names of checksums, including old names with two more letters. */
const CHECKSUMS: Readonly<Record<string, string>> = { nocsum: 'none', csum: 'csum', remcsum: 'remcsum' };

/** Reads `NAT`, `DR` or `TUN [type ipip|gue port N|gre] [nocsum|csum|remcsum]`; returns why not for anything else. */
export function readForwarding(values: readonly string[]): Forwarding | string {
  const [method = '', ...options] = values;
  const forwarding = METHODS[method];
  if (forwarding === undefined) {
    const close = METHODS[method.toUpperCase()] === undefined ? '' : `; ${method.toUpperCase()} is meant`;
    return `${JSON.stringify(method)} is none of NAT, DR and TUN${close}`;
  }
  if (forwarding !== 'tunnel') return { forwarding };
  let type = 'ipip';
  let port: number | undefined;
  let checksum: string | undefined;
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at] as string;
    if (option === 'type') {
      at += 1;
      type = options[at] ?? '';
      if (!['ipip', 'gue', 'gre'].includes(type))
        return `the tunnel type ${type} is none of ipip, gue and gre`;
    } else if (option === 'port') {
      at += 1;
      const number = readInteger(options[at], 1, 0xffff);
      if (typeof number === 'string') return `the port: ${number}`;
      port = number;
    } else if (Object.hasOwn(CHECKSUMS, option)) checksum = CHECKSUMS[option];
    else return `${option} is no option of a tunnel`;
  }
  if ((type === 'gue') !== (port !== undefined)) return 'a gue tunnel needs a port, and no other has one';
  if (type === 'ipip' && checksum !== undefined && checksum !== 'none')
    return 'ipip tunnels have no checksum';
  if (type === 'gre' && checksum === 'remcsum') return 'gre tunnels have no remcsum';
  const tunnel = {
    ...(type !== 'ipip' && { type }),
    ...(port !== undefined && { port }),
    ...(checksum !== undefined && checksum !== 'none' && { checksum }),
  };
  return Object.keys(tunnel).length === 0 ? { forwarding } : { forwarding, tunnel };
}
