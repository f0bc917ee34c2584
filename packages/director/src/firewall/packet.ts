import type { AddressRange } from './address-range.js';

/**
 * The conntrack state of a packet. `untracked`: IPVS or a rule has excluded it from conntrack. `unknown`: a rule that
 * cannot be judged may have changed it.
 */
export type ConnectionState = 'new' | 'established' | 'related' | 'invalid' | 'untracked' | 'unknown';

/** Flags of TCP, as rules name them in either case. */
export type TcpFlag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack' | 'urg' | 'ecn' | 'cwr';

/** Kinds of addresses as routing tables have them. */
export type AddressType = 'local' | 'unicast' | 'broadcast' | 'multicast';

/** A packet to judge. Absent values are open (any client, any port): a rule that uses them matches some packets. */
export interface Packet {
  readonly family: 'ipv4' | 'ipv6';
  /** For ARP, its operation. `source` and `destination` are then the addresses in it. */
  readonly arp?: 'request' | 'reply' | undefined;
  /** `tcp`, `udp`, `sctp`, `icmp`, `arp`, or the protocol of a tunnel: `ipip`, `gre`, `ipv6`. */
  readonly protocol: string;
  readonly source?: string | undefined;
  /** `client`: a port that clients take, which is 1024 or more. */
  readonly sourcePort?: number | 'client' | undefined;
  readonly sourceType?: AddressType | undefined;
  readonly destination?: string | undefined;
  readonly destinationPort?: number | 'client' | undefined;
  readonly destinationType?: AddressType | undefined;
  /** The ports of the service or server that it stands for, where there are several: its own is the first. */
  readonly ports?: readonly [low: number, high: number] | undefined;
  /** Name of the interface on which it arrived; '' if this host sends it. */
  readonly input?: string | undefined;
  /** Name of the interface on which it leaves; '' if it is for this host. */
  readonly output?: string | undefined;
  readonly state?: ConnectionState | undefined;
  /** Whether it is a reply: conntrack's direction `reply`. */
  readonly reply?: boolean | undefined;
  /** The flags of TCP that are set. */
  readonly tcpFlags?: readonly TcpFlag[] | undefined;
  /** Firewall mark, 0 by default; `unknown` if a rule that cannot be judged may have set it. */
  readonly mark?: number | 'unknown' | undefined;
  /** Mark of its connection in conntrack, with the same values. */
  readonly connectionMark?: number | 'unknown' | undefined;
  /** Whether IPVS has already handled it (`-m ipvs`). */
  readonly ipvs?: boolean | undefined;
  /** The service that IPVS handled it for. */
  readonly virtual?: { readonly address: string; readonly port: number } | undefined;
  /** What the first packet of its connection asked for, of a reply that conntrack knows. */
  readonly original?: { readonly address: string; readonly port?: number | undefined } | undefined;
  /** `icmp` type, such as 3 (destination unreachable). */
  readonly icmpType?: number | undefined;
  /** Time to live, or hop limit, where it is known. */
  readonly hopLimit?: number | undefined;
  /** Called with each range that an address of the packet that is open is compared with. */
  readonly compared?: ((side: 'source' | 'destination', range: AddressRange) => void) | undefined;
}

/** Numbers of protocols by name, for rules that use numbers. */
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
