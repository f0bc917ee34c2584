import type { DestinationOptions } from '../model/destination.js';
import type { DocumentProblem } from '../errors.js';
import {
  type DestinationKey,
  destinationKeyText,
  familyOf,
  parseDestinationKey,
  parseServiceKey,
  type ServiceKey,
  serviceKeyText,
} from '../model/key.js';
import { eachOf, type Procedure } from '../calls/procedure.js';
import type { ServiceOptions } from '../model/service.js';
import { type DaemonOptions, type DaemonState, daemonValues } from '../model/sync-daemon.js';
import { type TimeoutOptions, timeoutValues } from '../model/timeouts.js';
import { documentError } from './document-error.js';
import type { Fields } from './field.js';
import {
  DAEMON,
  DAEMONS,
  DESTINATION,
  DOCUMENT_FIELDS,
  SERVICE,
  SERVICE_SETTINGS,
  TIMEOUTS,
} from './fields.js';
import { at, DOCUMENT, Problems } from './problems.js';
import {
  type DestinationSettings,
  destinationSettings,
  type ServiceSettings,
  serviceSettings,
} from '../model/settings.js';

/** A service as it is to be. What is left out takes its default. */
export interface DesiredService extends ServiceOptions {
  /** All destinations by name: `10.0.0.11:443`. `{}`: none. Absent: those that are there are left as they are. */
  readonly destinations?: Readonly<Record<string, DestinationOptions>> | undefined;
}

/** A sync daemon as it is to be; whether it is master or backup says the name that it stands under. */
export type DesiredDaemon = Omit<DaemonOptions, 'state'>;

/** Sync daemons as they are to be: at most one master and one backup. */
export type DesiredDaemons = Readonly<Partial<Record<DaemonState, DesiredDaemon | undefined>>>;

/** A state to be reached: the argument of `plan`, and what a document of declared state holds. */
export interface DesiredState {
  /** Services by name: `tcp:192.0.2.10:443`, `udp:[2001:db8::10]:53`, `fwmark:7`, `fwmark6:7`. */
  readonly services: Readonly<Record<string, DesiredService>>;
  /** Timeouts in seconds; those left out or 0 stay as they are. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Sync daemons; one that is left out stays as it is, unless `prune` is `all`. */
  readonly daemons?: DesiredDaemons | undefined;
}

/** A service of a document that was checked. */
export interface CheckedService {
  readonly key: ServiceKey;
  readonly settings: ServiceSettings;
  /** By the texts of their keys; undefined where the document does not speak of them. */
  readonly destinations: ReadonlyMap<string, CheckedDestination> | undefined;
}

/** A destination of a document that was checked. */
interface CheckedDestination {
  readonly key: DestinationKey;
  readonly settings: DestinationSettings;
}

/** A document without mistakes, in canonical form. */
export interface CheckedDocument {
  readonly services: ReadonlyMap<string, CheckedService>;
  readonly timeouts: TimeoutOptions | undefined;
  readonly daemons: DesiredDaemons | undefined;
}

const STATES = ['master', 'backup'] as const;

/** What lets a check go on behind a mistake without making others. */
const REPAIR = { persistence: { timeout: 1 }, 'persistence.timeout': 1, 'flags[]': 'flag-1' };

/** Checks a document whole. Throws ERR_IPVS_DOCUMENT with every mistake. */
export function* checkDocument(desired: DesiredState): Procedure<CheckedDocument> {
  const { document, problems } = yield* inspectDocument(desired);
  if (problems.length > 0) throw documentError('plan the declared state', problems);
  return document;
}

/** All mistakes of a document, and what is right about it. */
export function* inspectDocument(
  desired: unknown,
): Procedure<{ readonly document: CheckedDocument; readonly problems: readonly DocumentProblem[] }> {
  const problems = new Problems();
  const services = new Map<string, CheckedService>();
  let timeouts: TimeoutOptions | undefined;
  let daemons: DesiredDaemons | undefined;
  if (problems.record(DOCUMENT, desired, DOCUMENT_FIELDS)) {
    timeouts = checkTimeouts(problems, desired['timeouts']);
    daemons = checkDaemons(problems, desired['daemons']);
    const daemon = STATES.find((state) => daemons?.[state] !== undefined);
    if (problems.object('services', desired['services'])) {
      const names = new Map<string, string>();
      yield* eachOf(Object.entries(desired['services']), ([name, service]) => {
        const checked = checkService(problems, names, name, service, daemon);
        if (checked !== undefined) services.set(serviceKeyText(checked.key), checked);
      });
    }
  }
  return { document: { services, timeouts, daemons }, problems: problems.found };
}

function checkService(
  problems: Problems,
  names: Map<string, string>,
  name: string,
  service: unknown,
  daemon: DaemonState | undefined,
): CheckedService | undefined {
  const path = at('services', name);
  const key = problems.try(path, path, () => parseServiceKey(name, path));
  const isNew = key !== undefined && !isDuplicate(problems, names, path, serviceKeyText(key), name);
  if (!problems.record(path, service, SERVICE)) return undefined;
  // A service whose name says nothing can still have mistakes inside.
  const judged: ServiceKey = key ?? { fwmark: 1, family: 'ipv4' };
  const options = only(service, SERVICE_SETTINGS);
  const repair = { ...REPAIR, scheduler: ownerOfFlags(service['flags']) };
  const check = (as: ServiceKey): ServiceSettings | undefined =>
    problems.all('options', path, options, (each) => serviceSettings(as, each), repair);
  const settings = check(judged);
  // A port that is none hides what comes behind it.
  if (settings === undefined && judged.fwmark === undefined) check({ ...judged, port: 1 });
  const destinations = checkDestinations(
    problems,
    `${path}.destinations`,
    key,
    service['destinations'],
    daemon,
  );
  return isNew && settings !== undefined ? { key, settings, destinations } : undefined;
}

function checkDestinations(
  problems: Problems,
  path: string,
  service: ServiceKey | undefined,
  destinations: unknown,
  daemon: DaemonState | undefined,
): Map<string, CheckedDestination> | undefined {
  if (destinations === undefined || !problems.object(path, destinations)) return undefined;
  const checked = new Map<string, CheckedDestination>();
  const names = new Map<string, string>();
  for (const [name, options] of Object.entries(destinations)) {
    const here = at(path, name);
    const key = problems.try(here, here, () => parseDestinationKey(name, here));
    const isNew = key !== undefined && !isDuplicate(problems, names, here, destinationKeyText(key), name);
    if (!problems.record(here, options, DESTINATION)) continue;
    // One whose own name or whose service's name says nothing is judged as if their families went together.
    const judged = key ?? { address: '192.0.2.1', port: 1 };
    const around = (key === undefined ? undefined : service) ?? { fwmark: 1, family: familyOf(judged) };
    const settings = problems.all(
      'options',
      here,
      only(options, DESTINATION),
      (each) => destinationSettings(around, judged, each),
      { forwarding: 'tunnel', 'tunnel.port': 1 },
    );
    if (daemon !== undefined && familyOf(judged) !== familyOf(around)) {
      const allowed = 'no destination may be of the other address family while a sync daemon runs';
      problems.add(here, allowed, `${here}: ${allowed}`);
    }
    if (isNew && settings !== undefined) checked.set(destinationKeyText(key), { key, settings });
  }
  return checked;
}

function checkTimeouts(problems: Problems, timeouts: unknown): TimeoutOptions | undefined {
  if (timeouts === undefined || !problems.record('timeouts', timeouts, TIMEOUTS)) return undefined;
  const given = only(timeouts, TIMEOUTS) as TimeoutOptions;
  if (Object.keys(given).length === 0) return undefined;
  return problems.all('timeouts', 'timeouts', given, (options) => (timeoutValues(options), options), {
    tcp: 0,
    tcpFin: 0,
    udp: 0,
  });
}

function checkDaemons(problems: Problems, daemons: unknown): DesiredDaemons | undefined {
  if (daemons === undefined || !problems.record('daemons', daemons, DAEMONS)) return undefined;
  const checked: Partial<Record<DaemonState, DesiredDaemon>> = {};
  for (const state of STATES) {
    const path = `daemons.${state}`;
    const daemon = daemons[state];
    if (daemon === undefined || !problems.record(path, daemon, DAEMON)) continue;
    const options = only(daemon, DAEMON) as unknown as DesiredDaemon;
    const judge = (each: DesiredDaemon): DesiredDaemon => (daemonValues({ ...each, state }, 'library'), each);
    const found = problems.all('daemon', path, options, judge, { interface: 'any' });
    if (found !== undefined) checked[state] = found;
  }
  return checked;
}

function isDuplicate(
  problems: Problems,
  names: Map<string, string>,
  path: string,
  canonical: string,
  name: string,
): boolean {
  const first = names.get(canonical);
  if (first === undefined) names.set(canonical, name);
  else
    problems.add(
      path,
      'each name once',
      `${path} names the same as ${JSON.stringify(first)}; each may stand there once`,
    );
  return first !== undefined;
}

/** A scheduler that flags go with, to stand in for one that is none. */
function ownerOfFlags(flags: unknown): string {
  return Array.isArray(flags) && flags.some((flag) => String(flag).startsWith('mh-')) ? 'mh' : 'sh';
}

/** The fields of `value` that are there and known, at all depths. */
function only(value: Record<string, unknown>, known: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const field = Object.hasOwn(known, name) ? known[name] : undefined;
      if (field === undefined || each === undefined) return [];
      return [[name, field.kind === 'record' && isRecord(each) ? only(each, field.fields) : each]];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
