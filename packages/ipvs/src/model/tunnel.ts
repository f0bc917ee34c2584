import { checkChoice, checkInteger, checkOptions, conflict } from '../argument-checks.js';

/** `IP_VS_CONN_F_TUNNEL_TYPE_*`, in the order of their numbers. */
export const TUNNEL_TYPES = ['ipip', 'gue', 'gre'] as const;

/** `IP_VS_TUNNEL_ENCAP_FLAG_*`, in the order of their numbers. */
export const CHECKSUMS = ['none', 'csum', 'remcsum'] as const;

/** What packets are wrapped in. `type-3` and above can only have been stored by other tools. */
export type TunnelType = (typeof TUNNEL_TYPES)[number] | `type-${number}`;

/** Checksum of the outer header; `remcsum` is remote checksum offload, for gue. */
export type TunnelChecksum = (typeof CHECKSUMS)[number];

/** A tunnel as the kernel has it. */
export interface Tunnel {
  readonly type: TunnelType;
  /** UDP port of a gue tunnel, else 0. */
  readonly port: number;
  readonly checksum: TunnelChecksum;
}

/** A tunnel to be. */
export interface TunnelOptions {
  /** `ipip` (the default), `gue` (Linux 5.2) or `gre` (Linux 5.3). */
  readonly type?: TunnelType | undefined;
  /** UDP port, 1 to 65535: required with gue, forbidden otherwise. */
  readonly port?: number | undefined;
  /** `none` (the default); `csum` with gue and gre; `remcsum` with gue (Linux 5.3). */
  readonly checksum?: TunnelChecksum | undefined;
}

/** A tunnel from the numbers in a message. */
export function tunnelFromWire(type: number, port: number, flags: number): Tunnel {
  const checksum = (flags & 2) !== 0 ? 'remcsum' : (flags & 1) !== 0 ? 'csum' : 'none';
  return { type: TUNNEL_TYPES[type] ?? `type-${type}`, port, checksum };
}

/** The numbers for a request. */
export function tunnelToWire(options: TunnelOptions): {
  tunnelType: number;
  tunnelPort: number;
  tunnelFlags: number;
} {
  const path = 'options.tunnel';
  checkOptions(path, options, ['type', 'port', 'checksum']);
  const type = checkChoice(`${path}.type`, options.type ?? 'ipip', TUNNEL_TYPES);
  const checksum = checkChoice(`${path}.checksum`, options.checksum ?? 'none', CHECKSUMS);
  const port = options.port ?? 0;
  if (type === 'gue') checkInteger(`${path}.port`, port, 1, 0xffff);
  else if (port !== 0)
    throw conflict(`${path}.port`, `only gue tunnels have a port, and this one is ${type}`);
  if (type === 'ipip' && checksum !== 'none')
    throw conflict(`${path}.checksum`, 'ipip tunnels have no checksum');
  if (type === 'gre' && checksum === 'remcsum')
    throw conflict(`${path}.checksum`, 'remcsum is for gue tunnels; gre has none and csum');
  return {
    tunnelType: TUNNEL_TYPES.indexOf(type),
    tunnelPort: port,
    tunnelFlags: CHECKSUMS.indexOf(checksum),
  };
}
