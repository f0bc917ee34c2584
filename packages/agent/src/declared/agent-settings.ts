import { fields, readRecord } from '../fields/field.js';
import { at, type Problems } from '../fields/problems.js';
import { readSource, type SourceSettings } from './source-settings.js';

const restoreOrReport = { kind: 'choice', choices: ['restore', 'report'], byDefault: 'restore' } as const;

const DRIFT_FIELDS = fields({
  weightZero: {
    kind: 'choice',
    choices: ['respect', 'restore'],
    byDefault: 'respect',
    about: 'Weight 0 that somebody else set: respected until it is raised again, or restored.',
  },
  edited: { ...restoreOrReport, about: 'Settings that somebody else changed.' },
  missing: { ...restoreOrReport, about: 'Services and destinations that somebody else deleted.' },
  foreign: {
    kind: 'choice',
    choices: ['report', 'remove'],
    byDefault: 'report',
    about: 'Destinations that somebody else added to a service of the document.',
  },
});

const LIMIT_FIELDS = fields({
  maxRemoval: {
    kind: 'share',
    byDefault: '30%',
    about:
      'A document that removes more of the destinations than this, and more than two, waits for agent accept.',
  },
  inFlight: {
    kind: 'integer',
    minimum: 1,
    maximum: 500_000,
    byDefault: 4000,
    about: 'Most checks at a time; at most half of the descriptors of the process.',
  },
  startsPerSecond: {
    kind: 'integer',
    minimum: 1,
    maximum: 100_000,
    byDefault: 4000,
    about: 'Most checks started a second.',
  },
});

const OCTET = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const PORT = '(6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]?\\d{1,4})';

const endpoint = {
  kind: 'text',
  longest: 60,
  form: new RegExp(`^(\\[[0-9a-fA-F:.]+\\]|(${OCTET}\\.){3}${OCTET}):${PORT}$`),
  allowed: 'an address and a port, such as 127.0.0.1:9107 or [::1]:9107',
} as const;

const LISTEN_FIELDS = fields({
  metrics: { ...endpoint, about: 'Where /metrics, /live and /ready are served; nowhere by default.' },
  page: { ...endpoint, about: 'Where the live page is served; nowhere by default.' },
});

const METRICS_FIELDS = fields({
  by: {
    kind: 'choice',
    choices: ['service', 'destination'],
    byDefault: 'service',
    about: 'Whether there are series of destinations, or of services only.',
  },
});

const AGENT_FIELDS = fields({
  id: {
    kind: 'text',
    longest: 64,
    form: /^[\w.-]+$/,
    allowed: '1 to 64 letters, digits, dots, hyphens and underscores',
    about: "Name of this director; the host's name by default.",
  },
  trackFile: {
    kind: 'text',
    longest: 4096,
    form: /^\//,
    allowed: 'an absolute path',
    about: "File for keepalived's track_file: 0 while the director is fit, -1 while it is not.",
  },
});

/** How the agent reacts to changes by others. */
export interface DriftSettings {
  readonly weightZero: 'respect' | 'restore';
  readonly edited: 'restore' | 'report';
  readonly missing: 'restore' | 'report';
  readonly foreign: 'report' | 'remove';
}

/** The limits of an agent. */
export interface LimitSettings {
  /** From 0 to 1. */
  readonly maxRemoval: number;
  readonly inFlight: number;
  readonly startsPerSecond: number;
}

/** The settings of the agent itself in a document. */
export interface AgentSettings {
  readonly id: string | undefined;
  readonly trackFile: string | undefined;
  /** The source of documents; undefined: the file itself. */
  readonly source: SourceSettings | undefined;
  readonly drift: DriftSettings;
  readonly limits: LimitSettings;
  /** `address:port` each. */
  readonly listen: { readonly metrics: string | undefined; readonly page: string | undefined };
  readonly metrics: { readonly by: 'service' | 'destination' };
}

/** Reads `agent` of a document. */
export function readAgentSettings(
  problems: Problems,
  path: string,
  value: unknown,
): AgentSettings | undefined {
  if (!problems.isRecord(path, value)) return undefined;
  const { drift = {}, limits = {}, listen = {}, metrics = {}, source, ...own } = value;
  const before = problems.found.length;
  const from = source === undefined ? undefined : readSource(problems, at(path, 'source'), source);
  const read = {
    own: readRecord(problems, path, own, AGENT_FIELDS, ['drift', 'limits', 'listen', 'metrics', 'source']),
    drift: readRecord(problems, at(path, 'drift'), drift, DRIFT_FIELDS),
    limits: readRecord(problems, at(path, 'limits'), limits, LIMIT_FIELDS),
    listen: readRecord(problems, at(path, 'listen'), listen, LISTEN_FIELDS),
    metrics: readRecord(problems, at(path, 'metrics'), metrics, METRICS_FIELDS),
  };
  const { metrics: first, page } = (read.listen ?? {}) as Partial<AgentSettings['listen']>;
  if (page !== undefined && page === first)
    problems.add(
      at(at(path, 'listen'), 'page'),
      'another address or port than listen.metrics',
      `${at(at(path, 'listen'), 'page')} is ${page}, where metrics are served already; name another port`,
    );
  if (problems.found.length > before) return undefined;
  return {
    id: read.own?.id,
    trackFile: read.own?.trackFile,
    source: from,
    drift: read.drift as DriftSettings,
    limits: read.limits as LimitSettings,
    listen: read.listen as AgentSettings['listen'],
    metrics: read.metrics as AgentSettings['metrics'],
  };
}
