import type { Packet } from './packet.js';

/** Whether something matches a packet, where not all of the packet or not all of the match may be known. */
export type Answer = 'yes' | 'no' | 'perhaps';

/** One match of a rule. */
export type Match = (packet: Packet) => Answer;

/** What a rule does. `goto` does not come back; `continue` stands for marks, counters and other rules that let pass. */
export type Target =
  | { readonly type: 'accept' | 'drop' | 'reject' | 'return' | 'continue' }
  | { readonly type: 'jump' | 'goto'; readonly chain: string }
  /** Source or destination translation. */
  | { readonly type: 'nat' }
  /** Sets the mark; both numbers as the kernel has them. */
  | { readonly type: 'mark'; readonly value: number }
  /** Something whose effect is not known here (a queue, a target of another module). */
  | { readonly type: 'unknown' };

/** A rule: all matches must hold. */
export interface Rule {
  readonly matches: readonly Match[];
  readonly target: Target;
  /** The rule as its tool writes it. */
  readonly text: string;
  /** Whether it looks at IPVS (`-m ipvs`). */
  readonly ipvs?: boolean;
}

/** Where in a packet's way a chain is called. */
export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** A chain. Those without a hook are called by other rules. */
export interface Chain {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly hook?: Hook;
  /** What becomes of packets at the end of a chain with a hook. */
  readonly policy?: 'accept' | 'drop';
}

/** A table of chains, which jump within it. */
export interface Table {
  /** The tool that it was read by and is changed by: `iptables`, `ip6tables-legacy`, `nft` … */
  readonly tool: string;
  readonly name: string;
  /** Address families whose packets it sees. */
  readonly families: readonly ('ipv4' | 'ipv6')[];
  /** As nft names it: `ip`, `ip6`, `inet`. */
  readonly nftFamily: string;
  readonly chains: ReadonlyMap<string, Chain>;
}

/** All matches together. */
export function all(answers: Iterable<Answer>): Answer {
  let result: Answer = 'yes';
  for (const answer of answers) {
    if (answer === 'no') return 'no';
    if (answer === 'perhaps') result = 'perhaps';
  }
  return result;
}

/** The opposite; what is not known stays so. */
export function not(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'perhaps';
}

/** `perhaps` for what is not known, else whether `test` holds. */
export function known<T>(value: T | undefined, test: (value: T) => boolean): Answer {
  return value === undefined ? 'perhaps' : test(value) ? 'yes' : 'no';
}
