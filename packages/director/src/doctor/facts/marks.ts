import type { Service } from '@ipvs-ts/ipvs';
import { rangeOf, within } from '../../firewall/address-range.js';
import type { MarkChange, Rule, Selection, Table } from '../../firewall/rule.js';
import type { Facts } from './facts.js';

/** What clients ask for: an address, a protocol and a port. What is absent may be any. */
export interface Target {
  readonly protocol: string;
  readonly address?: string;
  readonly port?: number;
}

/** How packets get a mark. */
interface Marking {
  /** Whether some rule sets it, or may. */
  readonly set: boolean;
  /** What the rules that complete it select. */
  readonly selections: readonly Selection[];
}

/** Values of marks that are followed, and targets of one service: more are not looked at. */
const VALUES = 4096;
const TARGETS = 32;

/** What clients of a service ask for: its own address, or the addresses and ports whose packets rules mark. */
export function targetsOf(facts: Facts, service: Service): readonly Target[] {
  if (service.fwmark === undefined) {
    const { protocol, address, port } = service;
    return [{ protocol, address, ...(port !== 0 && { port }) }];
  }
  const { selections } = markingOf(facts.firewall.tables, service.fwmark, service.family);
  const found = new Map<string, Target>();
  for (const selection of selections) {
    for (const target of targets(facts, selection, service.family)) {
      const key = `${target.protocol} ${target.address ?? ''} ${target.port ?? ''}`;
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
        };
      }
    }
  }
}

/** One address as it is; of a network those that this host has. */
function addresses(facts: Facts, text: string, family: string): string[] {
  const range = rangeOf(text);
  if (range?.family !== family) return [];
  if (range.low === range.high) return [text.split('/')[0] as string];
  return facts.addresses.map(({ address }) => address).filter((address) => within(range, address));
}

/** How packets that come in, or are made here, get a mark. */
export function markingOf(tables: readonly Table[], mark: number, family: 'ipv4' | 'ipv6'): Marking {
  const walk = new MarkWalk(mark);
  for (const table of tables.filter(({ families }) => families.includes(family))) {
    const bases = [...table.chains.values()].filter(({ hook }) => hook === 'prerouting' || hook === 'output');
    for (const { rules } of bases) walk.rules(table, rules, [], 0);
  }
  return { set: walk.set, selections: walk.selections };
}

/** Follows all values that the mark may have, rule by rule. */
class MarkWalk {
  set = false;
  readonly selections: Selection[] = [];
  readonly #mark: number;
  readonly #values = new Set([0]);

  constructor(mark: number) {
    this.#mark = mark;
  }

  rules(table: Table, rules: readonly Rule[], around: readonly Selection[], depth: number): void {
    for (const rule of rules) {
      const path = rule.selects === undefined ? around : [...around, rule.selects];
      for (const change of rule.mark ?? []) this.#change(change, path);
      // Marks that connections keep were those of packets.
      for (const change of rule.connectionMark ?? []) if (change !== 'packet') this.#change(change, path);
      const chain = 'chain' in rule.target ? table.chains.get(rule.target.chain) : undefined;
      if (chain !== undefined && depth < 16) this.rules(table, chain.rules, path, depth + 1);
    }
  }

  #change(change: MarkChange, path: readonly Selection[]): void {
    if (change === 'unknown') {
      this.set = true;
      return;
    }
    // What is restored was stored before: its value is among those that are followed.
    if (change === 'connection') return;
    for (const value of [...this.#values]) {
      const next = ((value & change.keep) ^ change.flip) >>> 0;
      if (this.#values.size < VALUES) this.#values.add(next);
      if (next !== this.#mark) continue;
      this.set = true;
      this.selections.push(Object.assign({}, ...path) as Selection);
    }
  }
}
