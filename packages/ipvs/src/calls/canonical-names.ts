/** The names of a map, which may include different spellings of one name. */
export class CanonicalNames {
  readonly all: readonly string[];
  readonly #named: (name: string) => { readonly text: string } | undefined;
  /**
   * The first spelling of each name; created at the first name that is not canonical, since canonical names are unique.
   */
  #first: Map<string, string> | undefined;

  constructor(all: readonly string[], named: (name: string) => { readonly text: string } | undefined) {
    this.all = all;
    this.#named = named;
  }

  /** Returns the earlier spelling of `name`; undefined for the first. Names are passed in the order of the map. */
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
