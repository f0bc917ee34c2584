import { argumentsOf } from '../argument-checks.js';
import {
  type DesiredService,
  type DesiredState,
  type DestinationOptions,
  destinationKeyText,
  type DocumentProblem,
  parseDestinationKey,
  parseServiceKey,
  serviceKeyText,
  stateProblems,
} from '@ipvs-ts/ipvs';
import type { Check } from '../check/check.js';
import { at, Problems } from '../fields/problems.js';
import { type CheckTypes, readChecks, readNamedChecks } from '../check/read-check.js';
import { type AgentSettings, readAgentSettings } from './agent-settings.js';
import { type Defaults, isPlain, type Plain, readDefaults } from './defaults.js';
import type { Declared, DeclaredDestination, DeclaredService } from './declared.js';
import { type HealthSettings, readHealth } from './health-settings.js';
import { canonicalOrder } from './order.js';
import { checkOrigin, type DocumentOrigin, namesSource } from './origin.js';

/** Fields that are reserved for later versions. */
const LATER = ['groups', 'announce'];

/** The weight of a destination without one in the document. */
const DEFAULT_WEIGHT = 1;
const DEFAULT_SCHEDULER = 'wlc';

/** A document as it was read, or its mistakes. */
export type ReadDeclared =
  | { readonly declared: Declared; readonly problems: readonly [] }
  | { readonly declared: undefined; readonly problems: readonly DocumentProblem[] };

/**
 * Reads a document with the agent's fields from plain data, and finds all its mistakes. `revision`: identifies its
 * text; `types`: the types of checks that it may name.
 */
export function readDeclared(
  value: unknown,
  revision: string,
  types: CheckTypes,
  origin: DocumentOrigin = 'file',
): ReadDeclared {
  argumentsOf.is('revision', revision, 'text');
  argumentsOf.object('types', types);
  const problems = new Problems();
  if (!problems.isRecord('document', value)) return { declared: undefined, problems: problems.found };
  checkOrigin(problems, value, origin);
  const reader = new Reader(problems, types, value);
  const declared = reader.read(revision);
  return problems.found.length === 0 && declared !== undefined
    ? { declared, problems: [] }
    : { declared: undefined, problems: problems.found };
}

class Reader {
  readonly #problems: Problems;
  readonly #types: CheckTypes;
  readonly #document: Plain;
  readonly #named: ReadonlyMap<string, Check | undefined>;
  readonly #defaults: Defaults;

  constructor(problems: Problems, types: CheckTypes, document: Plain) {
    this.#problems = problems;
    this.#types = types;
    this.#document = document;
    this.#named = readNamedChecks(problems, 'checks', document['checks'], types);
    this.#defaults = readDefaults(problems, document['defaults'] ?? {}, (path, value) =>
      readChecks(problems, path, value, this.#named, types),
    );
  }

  read(revision: string): Declared | undefined {
    const { services, timeouts, daemons, agent = {} } = this.#document;
    for (const later of LATER.filter((name) => Object.hasOwn(this.#document, name)))
      this.#problems.add(later, 'absent', `${later} is not supported yet`);
    const state = this.#plainState();
    for (const { path, allowed, message } of stateProblems(state)) this.#problems.add(path, allowed, message);
    const settings = readAgentSettings(this.#problems, 'agent', agent);
    const read = this.#problems.isRecord('services', services ?? {})
      ? Object.entries((state as Partial<DesiredState>).services ?? {}).map(([name, service]) =>
          this.#service(name, service),
        )
      : [];
    if (this.#problems.found.length > 0) return undefined;
    return {
      revision,
      services: new Map((read as DeclaredService[]).map((service) => [service.name, service])),
      timeouts: timeouts as Declared['timeouts'],
      daemons: daemons as Declared['daemons'],
      agent: settings as AgentSettings,
    };
  }

  /** The document as a declared state, with defaults filled in and without the agent's own fields. */
  #plainState(): DesiredState {
    const { defaults: _, checks: __, agent, ...rest } = this.#document;
    const services = namesSource(agent) ? (rest['services'] ?? {}) : rest['services'];
    const plain = isPlain(services)
      ? mapValues(services, (service) => this.#plainService(service))
      : services;
    const known = Object.entries(rest).filter(([name]) => !LATER.includes(name));
    return { ...Object.fromEntries(known), services: plain } as DesiredState;
  }

  #plainService(service: unknown): unknown {
    if (!isPlain(service)) return service;
    const { check: _, health: __, destinations, ...rest } = { ...this.#defaults.service, ...service };
    if (!isPlain(destinations)) return { ...rest, ...(destinations !== undefined && { destinations }) };
    return { ...rest, destinations: mapValues(destinations, (each) => this.#plainDestination(each)) };
  }

  #plainDestination(destination: unknown): unknown {
    if (!isPlain(destination)) return destination;
    const { check: _, ...rest } = { ...this.#defaults.destination, ...destination };
    return rest;
  }

  #service(name: string, plain: DesiredService): DeclaredService | undefined {
    const path = at('services', name);
    const raw = (this.#document['services'] as Plain)[name];
    if (!isPlain(raw)) return undefined;
    const own = { ...this.#defaults.service, ...raw };
    const { destinations, ...options } = plain;
    const scheduler = typeof options.scheduler === 'string' ? options.scheduler : DEFAULT_SCHEDULER;
    const place = (field: string): string =>
      Object.hasOwn(raw, field) ? at(path, field) : at('defaults.service', field);
    const health = readHealth(this.#problems, place('health'), own['health'] ?? {}, scheduler);
    this.#checkSorry(path, name, health);
    const checks =
      own['check'] === undefined
        ? []
        : readChecks(this.#problems, place('check'), own['check'], this.#named, this.#types);
    const read = isPlain(raw['destinations'])
      ? Object.entries(destinations ?? {}).map(([each, settings]) =>
          this.#destination(path, raw, each, settings, checks),
        )
      : undefined;
    if (this.#problems.found.length > 0) return undefined;
    const key = parseServiceKey(name);
    return {
      name: serviceKeyText(key),
      key,
      options,
      health: { ...(health as HealthSettings), sorry: canonicalNames((health as HealthSettings).sorry) },
      destinations: read === undefined ? undefined : inOrder(read as DeclaredDestination[]),
    };
  }

  #destination(
    path: string,
    service: Plain,
    name: string,
    settings: DestinationOptions,
    inherited: readonly Check[],
  ): DeclaredDestination | undefined {
    const place = at(at(path, 'destinations'), name);
    const raw = (service['destinations'] as Plain)[name];
    if (!isPlain(raw)) return undefined;
    const inDefaults = !Object.hasOwn(raw, 'check') && this.#defaults.destination['check'] !== undefined;
    const own = inDefaults ? this.#defaults.destination['check'] : raw['check'];
    const from = inDefaults ? 'defaults.destination.check' : at(place, 'check');
    const checks =
      own === undefined ? inherited : readChecks(this.#problems, from, own, this.#named, this.#types);
    const key = parsedDestination(name);
    if (key === undefined) return undefined;
    const portless = checks.find(
      (check) => check.port === undefined && this.#types[check.type]?.needsPort === true,
    );
    if (key.port === 0 && portless !== undefined)
      this.#problems.add(
        Object.hasOwn(raw, 'check') ? from : at(path, 'check'),
        'a check with a port',
        `${Object.hasOwn(raw, 'check') ? from : at(path, 'check')} needs a port: ${name} has port 0`,
      );
    return {
      name: destinationKeyText(key),
      ...key,
      options: { ...settings, weight: settings.weight ?? DEFAULT_WEIGHT },
      checks,
    };
  }

  /** The sorry destinations of a service must be valid in it, and must not be its destinations. */
  #checkSorry(path: string, name: string, health: HealthSettings | undefined): void {
    if (health === undefined) return;
    const place = at(at(path, 'health'), 'sorry');
    const state = { services: { [name]: { destinations: health.sorry } } };
    const from = at(at('services', name), 'destinations');
    for (const problem of stateProblems(state))
      if (problem.path.startsWith(from))
        this.#problems.add(
          problem.path.replace(from, place),
          problem.allowed,
          problem.message.replaceAll(from, place),
        );
    const declared = ((this.#document['services'] as Plain)[name] as Plain)['destinations'];
    for (const each of Object.keys(health.sorry))
      if (isPlain(declared) && Object.hasOwn(declared, each))
        this.#problems.add(
          at(place, each),
          'a destination of its own',
          `${at(place, each)} is a destination of the service already`,
        );
  }
}

function inOrder(destinations: readonly DeclaredDestination[]): DeclaredDestination[] {
  const byName = new Map(destinations.map((each) => [each.name, each]));
  return canonicalOrder(byName.keys()).map((name) => byName.get(name) as DeclaredDestination);
}

function canonicalNames(sorry: HealthSettings['sorry']): HealthSettings['sorry'] {
  const byName = new Map(
    Object.entries(sorry).map(([name, options]) => [destinationKeyText(parseDestinationKey(name)), options]),
  );
  return Object.fromEntries(canonicalOrder(byName.keys()).map((name) => [name, byName.get(name) ?? {}]));
}

/** Undefined for a name with a mistake, which the check of the declared state has found. */
function parsedDestination(name: string): { readonly address: string; readonly port: number } | undefined {
  try {
    return parseDestinationKey(name);
  } catch {
    return undefined;
  }
}

function mapValues(record: Plain, change: (value: unknown) => unknown): Plain {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
