/** What conntrack makes of a packet. `untracked` packets are those that IPVS takes away from it. */
export type ConnectionState = 'new' | 'established' | 'invalid' | 'untracked';

/**
 * A packet that a firewall is asked about. What is left out is not known (any client, any port), and a rule that looks
 * at it may or may not match.
 */
export interface Packet {
  readonly family: 'ipv4' | 'ipv6';
  /** `tcp`, `udp`, `sctp`, `icmp`, or the protocol of a tunnel: `ipip`, `gre`, `ipv6`. */
  readonly protocol: string;
  readonly source?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly destination?: string | undefined;
  readonly destinationPort?: number | undefined;
  /** Name of the interface that it came in by. */
  readonly input?: string | undefined;
  /** Name of the interface that it leaves by. */
  readonly output?: string | undefined;
  readonly state?: ConnectionState | undefined;
  /** Whether it belongs to a connection of IPVS. */
  readonly ipvs?: boolean | undefined;
  /** `icmp` type, such as 3 (destination unreachable). */
  readonly icmpType?: number | undefined;
}

/** Numbers of protocols by name, for rules that name them by number. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  ipip: 4,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  'ipv6-icmp': 58,
  icmpv6: 58,
  sctp: 132,
};

/** The number of a protocol by its name or number as text; undefined if it is not known. */
export function protocolOf(name: string): number | undefined {
  return /^[0-9]+$/.test(name) ? Number(name) : PROTOCOLS[name.toLowerCase()];
}
