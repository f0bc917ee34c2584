import type { DestinationOptions } from '../destination.js';
import { type DocumentProblem, IpvsError } from '../errors.js';
import {
  type DestinationKey,
  destinationKeyText,
  familyOf,
  parseDestinationKey,
  parseServiceKey,
  type ServiceKey,
  serviceKeyText,
} from '../key.js';
import { eachOf, type Procedure } from '../procedure.js';
import type { ServiceOptions } from '../service.js';
import { type DaemonOptions, type DaemonState, daemonValues } from '../sync-daemon.js';
import { type TimeoutOptions, timeoutValues } from '../timeouts.js';
import { at, DOCUMENT, Problems } from './problems.js';
import {
  type DestinationSettings,
  destinationSettings,
  type ServiceSettings,
  serviceSettings,
} from './settings.js';

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

const SERVICE_OPTIONS = ['scheduler', 'flags', 'onePacket', 'persistence'];
const SERVICE_FIELDS = [...SERVICE_OPTIONS, 'destinations'];
const DESTINATION_FIELDS = ['forwarding', 'weight', 'upperThreshold', 'lowerThreshold', 'tunnel'];
const DAEMON_FIELDS = ['interface', 'syncId', 'maxLength', 'group', 'port', 'ttl'];
const TIMEOUT_FIELDS = ['tcp', 'tcpFin', 'udp'];
const STATES = ['master', 'backup'] as const;

/** What lets a check go on behind a mistake without making others. */
const REPAIR = { persistence: { timeout: 1 }, 'persistence.timeout': 1, 'flags[]': 'flag-1' };

/** Checks a document whole. Throws ERR_IPVS_DOCUMENT with every mistake. */
export function* checkDocument(desired: DesiredState): Procedure<CheckedDocument> {
  const problems = new Problems();
  const services = new Map<string, CheckedService>();
  let timeouts: TimeoutOptions | undefined;
  let daemons: DesiredDaemons | undefined;
  if (problems.object(DOCUMENT, desired, ['services', 'timeouts', 'daemons'])) {
    timeouts = checkTimeouts(problems, desired.timeouts);
    daemons = checkDaemons(problems, desired.daemons);
    const daemon = STATES.find((state) => daemons?.[state] !== undefined);
    if (problems.object('services', desired.services)) {
      const names = new Map<string, string>();
      yield* eachOf(Object.entries(desired.services), ([name, service]) => {
        const checked = checkService(problems, names, name, service, daemon);
        if (checked !== undefined) services.set(serviceKeyText(checked.key), checked);
      });
    }
  }
  if (problems.found.length > 0) throw documentError(problems.found);
  return { services, timeouts, daemons };
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
  if (key !== undefined && isDuplicate(problems, names, path, serviceKeyText(key), name)) return undefined;
  if (!problems.object(path, service, SERVICE_FIELDS)) return undefined;
  // A service whose name says nothing can still have mistakes inside.
  const judged = key ?? { fwmark: 1, family: 'ipv4' as const };
  const settings = problems.all(
    'options',
    path,
    only(service, SERVICE_OPTIONS),
    (options) => serviceSettings(judged, options),
    { ...REPAIR, scheduler: ownerOfFlags(service['flags']) },
  );
  const destinations = checkDestinations(
    problems,
    `${path}.destinations`,
    key,
    service['destinations'],
    daemon,
  );
  return key === undefined || settings === undefined ? undefined : { key, settings, destinations };
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
    if (key !== undefined && isDuplicate(problems, names, here, destinationKeyText(key), name)) continue;
    if (!problems.object(here, options, DESTINATION_FIELDS)) continue;
    // One whose own name or whose service's name says nothing is judged as if their families went together.
    const judged = key ?? { address: '192.0.2.1', port: 1 };
    const around = (key === undefined ? undefined : service) ?? { fwmark: 1, family: familyOf(judged) };
    const settings = problems.all(
      'options',
      here,
      only(options, DESTINATION_FIELDS),
      (each) => destinationSettings(around, judged, each),
      { forwarding: 'tunnel', 'tunnel.port': 1 },
    );
    if (daemon !== undefined && familyOf(judged) !== familyOf(around)) {
      problems.add(
        here,
        `${here}: no destination may be of the other address family while a sync daemon runs`,
      );
    }
    if (key !== undefined && settings !== undefined) checked.set(destinationKeyText(key), { key, settings });
  }
  return checked;
}

function checkTimeouts(problems: Problems, timeouts: unknown): TimeoutOptions | undefined {
  if (timeouts === undefined || !problems.object('timeouts', timeouts, TIMEOUT_FIELDS)) return undefined;
  const given = only(timeouts, TIMEOUT_FIELDS) as TimeoutOptions;
  if (Object.keys(given).length === 0) return undefined;
  return problems.all('timeouts', 'timeouts', given, (options) => (timeoutValues(options), options), {
    tcp: 0,
    tcpFin: 0,
    udp: 0,
  });
}

function checkDaemons(problems: Problems, daemons: unknown): DesiredDaemons | undefined {
  if (daemons === undefined || !problems.object('daemons', daemons, STATES)) return undefined;
  const checked: Partial<Record<DaemonState, DesiredDaemon>> = {};
  for (const state of STATES) {
    const path = `daemons.${state}`;
    const daemon = daemons[state];
    if (daemon === undefined || !problems.object(path, daemon, DAEMON_FIELDS)) continue;
    const options = only(daemon, DAEMON_FIELDS) as unknown as DesiredDaemon;
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
  else problems.add(path, `${path} names the same as ${JSON.stringify(first)}; each may stand there once`);
  return first !== undefined;
}

/** A scheduler that flags go with, to stand in for one that is none. */
function ownerOfFlags(flags: unknown): string {
  return Array.isArray(flags) && flags.some((flag) => String(flag).startsWith('mh-')) ? 'mh' : 'sh';
}

/** The fields of `value` that are there and known. */
function only(value: Record<string, unknown>, known: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(([name, each]) => each !== undefined && known.includes(name)),
  );
}

function documentError(problems: readonly DocumentProblem[]): IpvsError {
  const operation = 'plan the declared state';
  const list = problems.map(({ message }) => `\n  ${message}`).join('');
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  return new IpvsError('ERR_IPVS_DOCUMENT', `cannot ${operation}: it has ${count}:${list}`, {
    operation,
    problems,
  });
}
