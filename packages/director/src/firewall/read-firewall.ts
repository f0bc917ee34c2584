import { readIptables } from './iptables.js';
import { readNftables } from './nftables.js';
import type { Table } from './rule.js';

/** Runs a program and gives its output; undefined if there is no such program. Rejects if it fails. */
export type Run = (program: string, args: readonly string[]) => Promise<string | undefined>;

/** The rules of a namespace, and what could not be read of them. */
export interface Firewall {
  readonly tables: readonly Table[];
  readonly unseen: readonly string[];
}

/** The names that iptables-nft gives its tables: nft lists them too, in a form that says less. */
const IPTABLES_NAMES = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

/** Reads all rules: of iptables in both its variants, and of nft. Needs CAP_NET_ADMIN. */
export async function readFirewall(run: Run): Promise<Firewall> {
  const unseen: string[] = [];
  const attempt = async (program: string, args: readonly string[] = []): Promise<string | undefined> => {
    try {
      return await run(program, args);
    } catch (error) {
      unseen.push(`firewall rules: ${program}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const families = await Promise.all(
    (['iptables', 'ip6tables'] as const).map(async (name) => readFamily(name, attempt)),
  );
  const nft = await attempt('nft', ['-j', 'list', 'ruleset']);
  const throughIptables = families.some(({ nft: seen }) => seen);
  const tables = nft === undefined ? [] : readNftables(nft);
  if (nft === undefined && families.every(({ found }) => !found) && unseen.length === 0) {
    unseen.push('firewall rules: neither iptables-save nor nft is installed');
  }
  return {
    tables: [
      ...families.flatMap((family) => family.tables),
      ...tables.filter(
        ({ name, nftFamily }) => !(throughIptables && nftFamily !== 'inet' && IPTABLES_NAMES.has(name)),
      ),
    ],
    unseen,
  };
}

async function readFamily(
  name: 'iptables' | 'ip6tables',
  attempt: (program: string) => Promise<string | undefined>,
): Promise<{ tables: Table[]; found: boolean; nft: boolean }> {
  const family = name === 'iptables' ? 'ipv4' : 'ipv6';
  const [legacy, nft] = await Promise.all([attempt(`${name}-legacy-save`), attempt(`${name}-nft-save`)]);
  const plain = legacy === undefined && nft === undefined ? await attempt(`${name}-save`) : undefined;
  return {
    tables: [
      ...readIptables(legacy ?? '', `${name}-legacy`, family),
      ...readIptables(nft ?? '', `${name}-nft`, family),
      ...readIptables(plain ?? '', name, family),
    ],
    found: [legacy, nft, plain].some((text) => text !== undefined),
    nft: nft !== undefined || plain !== undefined,
  };
}
