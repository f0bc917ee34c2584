/**
 * What conntrack makes of a packet. `untracked` packets are those that IPVS, or a rule, takes away from it; `unknown`
 * is what a rule that cannot be judged may have made of it.
 */
export type ConnectionState = 'new' | 'established' | 'related' | 'invalid' | 'untracked' | 'unknown';

/** Flags of TCP, as rules name them in either case. */
export type TcpFlag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack' | 'urg' | 'ecn' | 'cwr';

/** Kinds of addresses as routing tables have them. */
export type AddressType = 'local' | 'unicast' | 'broadcast' | 'multicast';

/**
 * A packet that a firewall is asked about. What is left out is open (any client, any port): a rule that looks at it
 * matches some packets.
 */
export interface Packet {
  readonly family: 'ipv4' | 'ipv6';
  /** `tcp`, `udp`, `sctp`, `icmp`, or the protocol of a tunnel: `ipip`, `gre`, `ipv6`. */
  readonly protocol: string;
  readonly source?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly sourceType?: AddressType | undefined;
  readonly destination?: string | undefined;
  readonly destinationPort?: number | undefined;
  readonly destinationType?: AddressType | undefined;
  /** Name of the interface that it came in by; '' if it is made on this host. */
  readonly input?: string | undefined;
  /** Name of the interface that it leaves by; '' if it is for this host. */
  readonly output?: string | undefined;
  readonly state?: ConnectionState | undefined;
  /** Whether it goes the way back: conntrack's direction `reply`. */
  readonly reply?: boolean | undefined;
  /** The flags of TCP that are set. */
  readonly tcpFlags?: readonly TcpFlag[] | undefined;
  /** Firewall mark: 0 by default; `unknown` where a rule that cannot be judged may have set it. */
  readonly mark?: number | 'unknown' | undefined;
  /** Mark of its connection in conntrack, by the same rules. */
  readonly connectionMark?: number | 'unknown' | undefined;
  /** Whether IPVS has handled it already (`-m ipvs`). */
  readonly ipvs?: boolean | undefined;
  /** The service that IPVS handled it for. */
  readonly virtual?: { readonly address: string; readonly port: number } | undefined;
  /** `icmp` type, such as 3 (destination unreachable). */
  readonly icmpType?: number | undefined;
}

/** Numbers of protocols by name, for rules that name them by number. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
  udplite: 136,
};

/** The number of a protocol by its name or number as text; undefined if it is not known. */
export function protocolOf(name: string): number | undefined {
  return /^[0-9]+$/.test(name) ? Number(name) : PROTOCOLS[name.toLowerCase()];
}
