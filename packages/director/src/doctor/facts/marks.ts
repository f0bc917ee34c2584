import type { Service } from '@ipvs-ts/ipvs';
import { rangeOf, within } from '../../firewall/address-range.js';
import { IPVS_PRIORITY } from '../../firewall/judge.js';
import type { Chain, MarkChange, Rule, Selection, Table } from '../../firewall/rule.js';
import type { Facts } from './facts.js';

/** What clients connect to: an address, a protocol and a port. Absent values mean any. */
export interface Target {
  readonly protocol: string;
  readonly address?: string;
  readonly port?: number;
  /** The ports from `port` on, where there are several. */
  readonly ports?: readonly [low: number, high: number];
}

/** How packets get a mark. */
interface Marking {
  /** Whether a rule sets it, or may set it. */
  readonly set: boolean;
  /** The packets selected by the rules that complete it. */
  readonly selections: readonly Selection[];
}

/** The most values of marks to follow, and the most targets of one service. */
const VALUES = 4096;
const TARGETS = 32;

/** What clients of a service connect to: its own address, or the addresses and ports whose packets are marked. */
export function targetsOf(facts: Facts, service: Service): readonly Target[] {
  if (service.fwmark === undefined) {
    const { protocol, address, port } = service;
    return [{ protocol, address, ...(port !== 0 && { port }) }];
  }
  const { selections } = markingOf(facts.firewall.tables, service.fwmark, service.family);
  const found = new Map<string, Target>();
  for (const selection of selections) {
    for (const target of targets(facts, selection, service.family)) {
      const key = `${target.protocol} ${target.address ?? ''} ${target.ports?.join('-') ?? target.port ?? ''}`;
      if (found.size < TARGETS) found.set(key, target);
    }
  }
  return [...found.values()];
}

function* targets(
  facts: Facts,
  { protocols, destinations, ports }: Selection,
  family: string,
): Generator<Target, void, undefined> {
  for (const protocol of protocols ?? ['tcp']) {
    if (!['tcp', 'udp', 'sctp'].includes(protocol)) continue;
    for (const address of destinations?.flatMap((text) => addresses(facts, text, family)) ?? [undefined]) {
      for (const range of ports ?? [undefined]) {
        yield {
          protocol,
          ...(address !== undefined && { address }),
          ...(range !== undefined && { port: range[0] }),
          ...(range !== undefined && range[0] < range[1] && { ports: range }),
        };
      }
    }
  }
}

/** A single address itself; for a network, the addresses in it that this host has. */
function addresses(facts: Facts, text: string, family: string): string[] {
  const range = rangeOf(text);
  if (range?.family !== family) return [];
  if (range.low === range.high) return [text.split('/')[0] as string];
  return facts.addresses.map(({ address }) => address).filter((address) => within(range, address));
}

/** How incoming packets, and packets of this host, get a mark. */
export function markingOf(tables: readonly Table[], mark: number, family: 'ipv4' | 'ipv6'): Marking {
  const walk = new MarkWalk(mark);
  for (const table of tables.filter(({ families }) => families.includes(family))) {
    const bases = [...table.chains.values()].filter(marksBefore);
    for (const { rules } of bases) walk.rules(table, rules, [], 0);
  }
  return { set: walk.set, selections: walk.selections };
}

/** Whether packets pass a chain before IPVS looks at their mark. */
function marksBefore({ hook, priority = 0 }: Chain): boolean {
  if (hook === 'input') return priority < IPVS_PRIORITY.input;
  return hook === 'ingress' || hook === 'prerouting' || hook === 'output';
}

/** Follows all values that the mark may have, rule by rule. */
class MarkWalk {
  set = false;
  readonly selections: Selection[] = [];
  readonly #mark: number;
  readonly #values = new Set([0]);
  /** What rules select that set some value. */
  readonly #paths: Selection[] = [];

  constructor(mark: number) {
    this.#mark = mark;
  }

  rules(table: Table, rules: readonly Rule[], around: readonly Selection[], depth: number): void {
    for (const rule of rules) {
      const path = rule.selects === undefined ? around : [...around, rule.selects];
      for (const change of rule.mark ?? []) this.#change(change, path);
      // Only marks of packets are saved to connections.
      for (const change of rule.connectionMark ?? []) this.#change(change, path);
      const chain = 'chain' in rule.target ? table.chains.get(rule.target.chain) : undefined;
      if (chain !== undefined && depth < 16) this.rules(table, chain.rules, path, depth + 1);
    }
  }

  #change(change: MarkChange, path: readonly Selection[]): void {
    if (change === 'unknown') {
      this.set = true;
      return;
    }
    if (!('copy' in change) && path.length > 0) this.#paths.push(Object.assign({}, ...path) as Selection);
    // A copied mark was set before, so its value is already followed; parts of it are new values.
    const whole = 'copy' in change && change.keep === 0 && change.take === 0xffffffff;
    if (whole) return;
    const before = [...this.#values];
    for (const value of before) {
      for (const flip of 'copy' in change ? before.map((other) => other & change.take) : [change.flip]) {
        const next = ((value & change.keep) ^ flip) >>> 0;
        if (this.#values.size < VALUES) this.#values.add(next);
        if (next !== this.#mark) continue;
        this.set = true;
        this.selections.push(...this.#selected(path, change));
      }
    }
  }

  /** What the rules on the way to a change select; of a copy, also what was selected where the value was set. */
  #selected(path: readonly Selection[], change: MarkChange): Selection[] {
    const own = Object.assign({}, ...path) as Selection;
    if (typeof change === 'string' || !('copy' in change) || Object.keys(own).length > 0) return [own];
    return this.#paths.length === 0 ? [own] : [...this.#paths];
  }
}
