import type { Answer } from './answer.js';
import type { Packet } from './packet.js';

/** One match of a rule. */
export type Match = (packet: Packet) => Answer;

/** How a rule changes a mark: new = (old & `keep`) ^ `flip`, or a copy. `unknown`: the value is not known here. */
export type MarkChange = Bits | 'unknown' | MarkCopy;

/** Bits of a mark that stay, and bits that are turned over then. */
export interface Bits {
  readonly keep: number;
  readonly flip: number;
}

/** A copy of the other mark, that of the connection or of the packet: new = (old & `keep`) ^ (other & `take`). */
interface MarkCopy {
  readonly copy: true;
  readonly keep: number;
  readonly take: number;
}

/**
 * What a rule does. `goto` does not return; `continue` is for marks, counters and everything else that lets the packet
 * continue.
 */
export type Target =
  | { readonly type: 'accept' | 'drop' | 'reject' | 'return' | 'continue' }
  | { readonly type: 'jump' | 'goto'; readonly chain: string }
  /** Translates the source or the destination; `to` is the new address as text, if the rule has one. */
  | { readonly type: 'snat' | 'dnat'; readonly to?: string }
  /** Translation of a network: of the destination before routing, and of the source behind it. */
  | { readonly type: 'netmap'; readonly to?: string }
  /** Something whose effect is not known here (a queue, a target of another module). */
  | { readonly type: 'unknown' };

/** The packets that a rule selects, for rules that set a mark. Absent values are not restricted. */
export interface Selection {
  readonly protocols?: readonly string[] | undefined;
  /** Addresses and networks: `192.0.2.10`, `192.0.2.0/24`. */
  readonly destinations?: readonly string[] | undefined;
  readonly ports?: readonly (readonly [low: number, high: number])[] | undefined;
}

/** A rule: all matches must hold. */
export interface Rule {
  readonly matches: readonly Match[];
  readonly target: Target;
  /** The rule as its tool writes it. */
  readonly text: string;
  /** Changes of the packet's mark, in order. */
  readonly mark?: readonly MarkChange[];
  /** Changes of the connection's mark. */
  readonly connectionMark?: readonly MarkChange[];
  /** Excludes the packet from conntrack. */
  readonly untrack?: boolean;
  /** Whether it makes the kernel follow connections. Without such a rule no packet passes the tables of translation. */
  readonly conntrack?: boolean;
  readonly selects?: Selection;
  /** Whether it matches IPVS (`-m ipvs`). */
  readonly ipvs?: boolean;
  /** Packets that it has matched, if it counts them. */
  readonly packets?: number | undefined;
}

/** The point of a packet's path at which a chain is called. */
export type Hook =
  | 'ingress'
  | 'prerouting'
  | 'input'
  | 'forward'
  | 'output'
  | 'postrouting'
  | 'egress'
  | `bridge ${'prerouting' | 'input' | 'forward' | 'output' | 'postrouting'}`;

/** A chain. Those without a hook are called by other rules. */
export interface Chain {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly hook?: Hook;
  /** Chains of a hook are called in the order of their priorities. */
  readonly priority?: number;
  /** Interfaces that a chain of `ingress` or `egress` is bound to. */
  readonly devices?: readonly string[];
  /** Whether it translates instead of filtering. */
  readonly translates?: boolean;
  /** What happens to packets at the end of a chain with a hook. */
  readonly policy?: 'accept' | 'drop';
  /** Packets that reached its policy, if they are counted. */
  readonly packets?: number | undefined;
}

/** A table of chains, which jump within it. */
export interface Table {
  /** The tool that reads and changes it: `iptables`, `ip6tables-legacy`, `nft` … */
  readonly tool: string;
  readonly name: string;
  /** Families whose packets it sees. */
  readonly families: readonly ('ipv4' | 'ipv6' | 'arp')[];
  /** As nft names it: `ip`, `ip6`, `inet`, `arp`, `bridge`, `netdev`. */
  readonly nftFamily: string;
  readonly chains: ReadonlyMap<string, Chain>;
}
