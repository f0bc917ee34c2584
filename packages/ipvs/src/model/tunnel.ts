import { integerMistake, type Report } from '../argument-checks.js';
import { inside, type Place } from '../place.js';

/** `IP_VS_CONN_F_TUNNEL_TYPE_*`, in the order of their numbers. */
export const TUNNEL_TYPES = ['ipip', 'gue', 'gre'] as const;

/** `IP_VS_TUNNEL_ENCAP_FLAG_*`, in the order of their numbers. */
export const CHECKSUMS = ['none', 'csum', 'remcsum'] as const;

/** How packets are encapsulated. Only other tools set `type-3` and above. */
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

/** Options of a tunnel. */
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

/** Checks the combination of a tunnel's fields. Fields that are invalid on their own are missing in `right`. */
export function checkTunnel(report: Report, place: Place, given: TunnelOptions, right: TunnelOptions): void {
  const { type = 'ipip', port = 0, checksum = 'none' } = right;
  if (right.type !== given.type) return;
  if (right.port === given.port) {
    const wrong = type === 'gue' ? integerMistake(port, 1, 0xffff) : undefined;
    if (wrong !== undefined) report.add(inside(place, 'port'), wrong);
    if (type !== 'gue' && port !== 0) {
      const allowed = `only gue tunnels have a port, and this one is ${type}`;
      report.add(inside(place, 'port'), { kind: 'conflict', allowed });
    }
  }
  const allowed =
    type === 'ipip' && checksum !== 'none'
      ? 'ipip tunnels have no checksum'
      : type === 'gre' && checksum === 'remcsum'
        ? 'remcsum is for gue tunnels; gre has none and csum'
        : undefined;
  if (allowed !== undefined) report.add(inside(place, 'checksum'), { kind: 'conflict', allowed });
}

/** The numbers of a tunnel for a request. */
export function tunnelToWire({ type = 'ipip', port = 0, checksum = 'none' }: TunnelOptions): {
  tunnelType: number;
  tunnelPort: number;
  tunnelFlags: number;
} {
  return {
    tunnelType: (TUNNEL_TYPES as readonly string[]).indexOf(type),
    tunnelPort: port,
    tunnelFlags: CHECKSUMS.indexOf(checksum),
  };
}
