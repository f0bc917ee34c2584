import { readArptables } from './arptables.js';
import { readIpsets } from './ipset.js';
import { readIptables } from './iptables.js';
import { readNftables } from './nftables.js';
import { type Queues, readQueues } from './queue.js';
import type { Table } from '../firewall/rule.js';

/** The sources of rules. */
export interface FirewallSource {
  /** Runs a program and returns its output; undefined if there is no such program. Rejects if it fails. */
  run(program: string, args: readonly string[]): Promise<string | undefined>;
  /** The names of the legacy tables that are loaded, one per line; undefined if the kernel has none. */
  legacyTables(family: 'ipv4' | 'ipv6' | 'arp'): string | undefined;
  /** What `/proc/net/netfilter/nfnetlink_queue` says; undefined where it cannot be read. */
  queues?(): string | undefined;
}

/** The rules of a namespace, and which could not be read. */
export interface Firewall {
  readonly tables: readonly Table[];
  readonly unseen: readonly string[];
}

const TOOLS = { ipv4: 'iptables', ipv6: 'ip6tables' } as const;

/** The names of iptables-nft's tables. nft lists them too, but with less detail for matches that it does not know. */
const IPTABLES_NAMES = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

type Attempt = (program: string, ...args: string[]) => Promise<string | undefined>;

/**
 * Reads all rules: of both variants of iptables, and of nft. Needs CAP_NET_ADMIN. It starts only the programs that are
 * necessary.
 */
export async function readFirewall(source: FirewallSource): Promise<Firewall> {
  const unseen: string[] = [];
  const attempt: Attempt = async (program, ...args) => {
    try {
      return await source.run(program, args);
    } catch (error) {
      const lines = (error instanceof Error ? error.message : String(error)).split('\n');
      unseen.push(`firewall rules: ${program}: ${lines.map((line) => line.trim()).join('; ')}`);
      return undefined;
    }
  };
  const queues = readQueues(source.queues?.());
  const nft = await readNft(attempt, queues);
  const saved = await Promise.all(
    (['ipv4', 'ipv6'] as const).map(async (family) => {
      const tool = TOOLS[family];
      const legacy = (source.legacyTables(family) ?? '') === '' ? '' : await legacySave(tool, attempt);
      const own = nft?.some((table) => isIptables(table) && table.families[0] === family);
      const variant = own === false ? undefined : await attempt(`${tool}-nft-save`, '-c');
      return { family, tool, legacy, own, variant };
    }),
  );
  const looksAtSets = saved.some(({ legacy, variant }) =>
    `${legacy ?? ''}${variant ?? ''}`.includes('--match-set '),
  );
  const sets = looksAtSets ? readIpsets((await attempt('ipset', 'save')) ?? '') : undefined;
  const families = saved.map(({ family, tool, legacy, own, variant }) => ({
    tables: [
      ...readIptables(legacy ?? '', `${tool}-legacy`, family, sets, queues),
      ...readIptables(variant ?? '', `${tool}-nft`, family, sets, queues),
    ],
    missed: legacy === undefined || (own === true && variant === undefined),
    seen: variant !== undefined,
  }));
  if (families.some(({ missed }) => missed) || (nft === undefined && !families.some(({ seen }) => seen))) {
    unseen.push('firewall rules: neither iptables-save nor nft lists them');
  }
  const iptables = families.flatMap(({ tables }) => tables);
  const others = (nft ?? []).filter((table) => !(isIptables(table) && families.some(({ seen }) => seen)));
  return { tables: [...iptables, ...others, ...(await readArp(source, attempt, unseen))], unseen };
}

/** The rules of arptables-legacy; those of arptables-nft are in the listing of nft. */
async function readArp(source: FirewallSource, attempt: Attempt, unseen: string[]): Promise<Table[]> {
  if ((source.legacyTables('arp') ?? '').trim() === '') return [];
  const failures = unseen.length;
  const text = await attempt('arptables-legacy', '-L', '-n', '-v');
  if (text === undefined && unseen.length === failures)
    unseen.push('rules for ARP: there is no arptables-legacy to list them');
  return readArptables(text ?? '');
}

/** The rules of nft, with their texts, which the JSON listing does not have. */
async function readNft(attempt: Attempt, queues: Queues): Promise<Table[] | undefined> {
  const listed = await attempt('nft', '-j', 'list', 'ruleset');
  if (listed === undefined) return undefined;
  const bare = readNftables(listed, undefined, queues);
  // If all rules are those of iptables-nft, its own listing is read instead.
  if (bare.every(isIptables)) return bare;
  return readNftables(listed, await attempt('nft', '-a', 'list', 'ruleset'), queues);
}

async function legacySave(tool: string, attempt: Attempt): Promise<string | undefined> {
  return (await attempt(`${tool}-legacy-save`, '-c')) ?? attempt(`${tool}-save`, '-c');
}

function isIptables({ name, nftFamily }: Table): boolean {
  return (nftFamily === 'ip' || nftFamily === 'ip6') && IPTABLES_NAMES.has(name);
}
