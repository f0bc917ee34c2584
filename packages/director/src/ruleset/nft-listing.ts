/** What `nft -a list ruleset` says, and its JSON does not, or not in every version. */
export interface NftListing {
  /** The texts of rules by family, table and handle: `inet fw handle 7`. */
  readonly texts: ReadonlyMap<string, string>;
  /** Tables that are not asked, by family and name. */
  readonly dormant: ReadonlySet<string>;
  /** Interfaces that chains of `ingress` and `egress` are bound to, by family, table and chain. */
  readonly devices: ReadonlyMap<string, readonly string[]>;
}

/** Reads the listing. */
export function readListing(listing: string): NftListing {
  const texts = new Map<string, string>();
  const dormant = new Set<string>();
  const devices = new Map<string, readonly string[]>();
  let table = '';
  let chain = '';
  for (const line of listing.split('\n')) {
    const [, ownTable] = /^table (\S+ \S+) \{/.exec(line) ?? [];
    if (ownTable !== undefined) table = ownTable;
    const [, ownChain] = /^\tchain (\S+) \{/.exec(line) ?? [];
    if (ownChain !== undefined) chain = ownChain;
    if (/^\tflags .*\bdormant\b/.test(line)) dormant.add(table);
    const [, bound] = /^\t\ttype \S+ hook \S+ devices? (?:= \{)?(.*?)\}? priority /.exec(line) ?? [];
    if (bound !== undefined)
      devices.set(
        `${table} ${chain}`,
        bound
          .split(',')
          .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
          .filter((name) => name !== ''),
      );
    const [, text, handle] = /^\t\t(.+) # (handle [0-9]+)$/.exec(line) ?? [];
    if (text !== undefined && handle !== undefined)
      texts.set(`${table} ${handle}`, text.replace(/ counter packets [0-9]+ bytes [0-9]+/, ' counter'));
  }
  return { texts, dormant, devices };
}
