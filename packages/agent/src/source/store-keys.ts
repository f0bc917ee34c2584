/** The keys of a fleet in its store, below its prefix. */
export interface StoreKeys {
  /** Which document is in force. */
  readonly rollout: string;
  /** Prefix of the keys of maintenance. */
  readonly overrides: string;
  /** Prefix of the keys of documents. */
  readonly documents: string;
  /** Prefix of the keys of directors. */
  readonly directors: string;
}

/** The keys below a prefix that ends with a slash. */
export function storeKeys(prefix: string): StoreKeys {
  return {
    rollout: `${prefix}rollout`,
    overrides: `${prefix}overrides/`,
    documents: `${prefix}documents/`,
    directors: `${prefix}directors/`,
  };
}

/** The range of all keys that directors watch: maintenance and the rollout. */
export function watchedRange({ overrides, rollout }: StoreKeys): {
  readonly key: string;
  readonly end: string;
} {
  return { key: overrides, end: `${rollout}\0` };
}

/** The first key with `prefix`, and the first key after all that have it. */
export function prefixRange(prefix: string): { readonly key: string; readonly end: string } {
  const last = prefix.charCodeAt(prefix.length - 1);
  return { key: prefix, end: prefix.slice(0, -1) + String.fromCharCode(last + 1) };
}

/** The key of a chunk of a document. Keys sort as the chunks follow each other. */
export function chunkKey({ documents }: StoreKeys, revision: string, index: number): string {
  return `${documents}${revision}/${String(index).padStart(4, '0')}`;
}

/** Prefix of the keys of the chunks of a document. */
export function chunksPrefix({ documents }: StoreKeys, revision: string): string {
  return `${documents}${revision}/`;
}

/** The key of a maintenance. */
export function overrideKey({ overrides }: StoreKeys, service: string, destination: string): string {
  return `${overrides}${service}/${destination}`;
}

/** Service and destination of a key of maintenance; undefined for other keys. */
export function overrideOf(
  { overrides }: StoreKeys,
  key: string,
): { readonly service: string; readonly destination: string } | undefined {
  if (!key.startsWith(overrides)) return undefined;
  const [service = '', destination = '', ...rest] = key.slice(overrides.length).split('/');
  return service === '' || destination === '' || rest.length > 0 ? undefined : { service, destination };
}

/** The key of a director. */
export function directorKey({ directors }: StoreKeys, id: string): string {
  return `${directors}${id}`;
}
