/** Names of a map, some of which may be spellings of others. */
export class CanonicalNames {
  readonly all: readonly string[];
  readonly #named: (name: string) => { readonly text: string } | undefined;
  /** The first spelling of each, from where on one is not canonical: before, names differ as they are. */
  #first: Map<string, string> | undefined;

  constructor(all: readonly string[], named: (name: string) => { readonly text: string } | undefined) {
    this.all = all;
    this.#named = named;
  }

  /** The spelling before `name` of what it names; undefined for the first. Names are asked for in their order. */
  firstOf(canonical: string, name: string): string | undefined {
    if (this.#first === undefined) {
      if (name === canonical) return undefined;
      this.#first = new Map();
      for (const each of this.all.slice(0, this.all.indexOf(name))) {
        const text = this.#named(each)?.text;
        if (text !== undefined) this.#first.set(text, each);
      }
    }
    const first = this.#first.get(canonical);
    if (first === undefined) this.#first.set(canonical, name);
    return first;
  }
}
