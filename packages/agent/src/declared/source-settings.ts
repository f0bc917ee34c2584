import { fields, readRecord } from '../fields/field.js';
import { at, type Problems } from '../fields/problems.js';

const absolutePath = { kind: 'text', longest: 4096, form: /^\//, allowed: 'an absolute path' } as const;

/** The fields of `agent.source.etcd`. */
export const ETCD_FIELDS = fields({
  endpoints: {
    kind: 'texts',
    shortest: 1,
    required: true,
    about: 'Where the nodes of etcd answer: http or https, a name or an address, and a port.',
  },
  prefix: {
    kind: 'text',
    longest: 256,
    form: /^\/[\w./-]*$/,
    allowed: 'a path of letters, digits, dots, hyphens, underscores and slashes, such as /ipvs-ts/edge/',
    required: true,
    about: 'Prefix of all keys of this fleet.',
  },
  user: {
    kind: 'text',
    longest: 256,
    form: /./,
    allowed: 'a name',
    about: 'User of etcd; no authentication by default.',
  },
  passwordFile: { ...absolutePath, about: 'File with the password of the user.' },
  ca: { ...absolutePath, about: "File with the certificates to trust, PEM; the system's by default." },
  certificate: { ...absolutePath, about: 'File with the certificate of this client, PEM.' },
  key: { ...absolutePath, about: 'File with the private key of the certificate, PEM.' },
});

/** How to reach the store of a fleet. */
export interface EtcdSettings {
  /** `https://10.0.0.5:2379` each, without a path. */
  readonly endpoints: readonly string[];
  /** Ends with a slash. */
  readonly prefix: string;
  readonly user: string | undefined;
  readonly passwordFile: string | undefined;
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** The source of documents, other than the file itself. */
export interface SourceSettings {
  readonly etcd: EtcdSettings;
}

const ENDPOINT = /^https?:\/\/(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?\/?$/;
const ENDPOINT_ALLOWED = 'a URL without a path, such as https://10.0.0.5:2379';

/** Reads `agent.source` of a document; returns undefined if a mistake was added. */
export function readSource(problems: Problems, path: string, value: unknown): SourceSettings | undefined {
  if (!problems.isRecord(path, value)) return undefined;
  const { etcd, ...rest } = value;
  for (const name of Object.keys(rest))
    problems.add(at(path, name), 'etcd', `${at(path, name)} is not known; ${path} has etcd`);
  const place = at(path, 'etcd');
  if (etcd === undefined) {
    problems.add(place, 'an object', `${place} is missing`);
    return undefined;
  }
  const read = readRecord(problems, place, etcd, ETCD_FIELDS);
  if (read === undefined) return undefined;
  const before = problems.found.length;
  for (const [index, endpoint] of read.endpoints.entries())
    checkEndpoint(problems, at(at(place, 'endpoints'), index), endpoint);
  together(problems, place, read, 'user', 'passwordFile');
  together(problems, place, read, 'certificate', 'key');
  const secure = read.endpoints.every((each) => each.startsWith('https:'));
  for (const name of ['ca', 'certificate'] as const)
    if (read[name] !== undefined && !secure)
      problems.add(at(place, name), 'absent', `${at(place, name)} needs endpoints of https`);
  if (problems.found.length > before) return undefined;
  return {
    etcd: {
      ...read,
      endpoints: read.endpoints.map((each) => each.replace(/\/$/, '')),
      prefix: read.prefix.endsWith('/') ? read.prefix : `${read.prefix}/`,
    },
  };
}

function checkEndpoint(problems: Problems, path: string, endpoint: string): void {
  const match = ENDPOINT.exec(endpoint);
  if (match === null || Number(match[1] ?? 1) > 65_535 || Number(match[1] ?? 1) === 0)
    problems.wrong(path, ENDPOINT_ALLOWED, endpoint);
}

/** Reports two fields of which only one is present. */
function together<N extends string>(
  problems: Problems,
  path: string,
  read: Readonly<Partial<Record<N, string | undefined>>>,
  first: N,
  second: N,
): void {
  for (const [there, missing] of [
    [first, second],
    [second, first],
  ] as const)
    if (read[there] !== undefined && read[missing] === undefined)
      problems.add(at(path, missing), 'text', `${at(path, missing)} is missing: ${there} needs it`);
}
