import type { Call } from '../calls/call.js';
import type { Calls } from '../calls/calls.js';
import { attempt } from '../calls/features.js';
import { SCHEDULERS } from '../model/service-flags.js';
import type { Procedure } from '../calls/procedure.js';
import { Problems } from '../document/problems.js';
import type { CheckedDocument, CheckedService } from '../document/state.js';
import type { Family } from '../model/address.js';
import { familyOf } from '../model/key.js';
import type { StoredPersistence } from '../model/persistence.js';
import { DAEMON_STATES } from '../model/sync-daemon.js';
import { nearest } from '../nearest.js';
import { DOCUMENT, inside, type InnerPlace, placeText, shown } from '../place.js';
import { type ProcFiles, readProc } from '../proc/proc-files.js';
import type { CurrentState } from './current.js';

/** The persistence engines in the kernel's own tree. */
const ENGINES = ['sip'];

/** Whether the kernel has a name, found without changing anything. */
type Answer = 'yes' | 'no' | 'unknown';

/** The file that lists the interfaces of a namespace. */
const INTERFACES = '/proc/net/dev';

/**
 * Finds what the kernel will certainly reject: a scheduler or persistence engine that it neither has nor can load, IPv6
 * if it has none, an interface of a sync daemon that does not exist. It asks the kernel and changes nothing, except
 * that a module may be loaded. Names in the kernel's own tree, and names that the table uses, are assumed to exist;
 * only others are probed. Also returns what is not known before it is tried.
 */
export function* findImpossible(
  calls: Calls,
  files: ProcFiles,
  current: CurrentState,
  document: CheckedDocument,
): Procedure<{ readonly problems: Problems; readonly doubts: readonly string[] }> {
  const search = new Search(calls, current, document);
  yield* search.services(document);
  if (files.isOfKernel) search.daemons(document, files);
  return search;
}

class Search {
  readonly problems = new Problems();
  readonly doubts: string[] = [];
  readonly #calls: Calls;
  readonly #current: CurrentState;
  /** The names that are known to exist. */
  readonly #schedulers = new Map<string, Answer>(['none', ...SCHEDULERS].map((name) => [name, 'yes']));
  readonly #engines = new Map<string, Answer>(ENGINES.map((name) => [name, 'yes']));
  #ipv6: Answer = 'unknown';

  constructor(calls: Calls, current: CurrentState, document: CheckedDocument) {
    this.#calls = calls;
    this.#current = current;
    for (const { service } of current.services.values())
      this.#know(service.scheduler, service.persistence, service.family);
    for (const [name, { settings, located }] of document.services)
      if (current.equal.has(name))
        this.#know(settings.scheduler, settings.persistence, familyOf(located.key));
  }

  /** Names that the table uses exist. */
  #know(scheduler: string, persistence: StoredPersistence | undefined, family: Family): void {
    this.#schedulers.set(scheduler, 'yes');
    if (persistence?.engine !== undefined) this.#engines.set(persistence.engine, 'yes');
    if (family === 'ipv6') this.#ipv6 = 'yes';
  }

  *services(document: CheckedDocument): Procedure<void> {
    for (const [name, service] of document.services) {
      if (this.#current.equal.has(name) || (service.preserve && this.#current.services.has(name))) continue;
      if (this.#ipv6 === 'unknown' && familyOf(service.located.key) === 'ipv6') yield* this.#askForIPv6();
      if (this.#ipv6 === 'no' && familyOf(service.located.key) === 'ipv6') {
        const allowed = 'a service by IPv4';
        const place = placeOf(service);
        this.problems.note(
          place,
          true,
          () => allowed,
          () => `${placeText(place)}: the kernel has no IPv6 for IPVS`,
        );
        continue;
      }
      const { scheduler, persistence } = service.settings;
      const answer = yield* this.#ask(this.#schedulers, scheduler, scheduler);
      if (answer !== 'yes') this.#note(service, 'scheduler', scheduler, answer);
      const engine = persistence?.engine;
      if (engine === undefined || answer === 'no') continue;
      const other = yield* this.#ask(this.#engines, engine, scheduler, engine);
      if (other !== 'yes') this.#note(service, 'engine', engine, other);
    }
  }

  daemons({ daemons }: CheckedDocument, files: ProcFiles): void {
    for (const state of DAEMON_STATES) {
      const name = daemons?.[state]?.interface;
      const running = this.#current.daemons.find((daemon) => daemon.state === state);
      if (name === undefined || running?.interface === name) continue;
      const there = interfaces(files);
      if (there === undefined || there.includes(name)) continue;
      const place = inside(inside(inside(DOCUMENT, 'daemons'), state), 'interface');
      const meant = meantText(name, there);
      this.problems.note(
        place,
        false,
        () => `one of ${there.join(', ')}`,
        () =>
          `${placeText(place)}: there is no interface ${shown(name, 'bare')} in this network namespace${meant}`,
      );
    }
  }

  /** Probes each name once. */
  *#ask(known: Map<string, Answer>, name: string, scheduler: string, engine?: string): Procedure<Answer> {
    const before = known.get(name);
    if (before !== undefined) return before;
    const answer = yield* probe(this.#calls, scheduler, engine);
    known.set(name, answer);
    return answer;
  }

  *#askForIPv6(): Procedure<void> {
    const answer = yield* attempt(this.#calls.service({ fwmark: 0xffff_ffff, family: 'ipv6' }));
    this.#ipv6 = answer === 'ERR_IPVS_FAMILY_UNSUPPORTED' ? 'no' : 'yes';
  }

  #note(service: CheckedService, what: 'scheduler' | 'engine', name: string, answer: Answer): void {
    const known = what === 'scheduler' ? SCHEDULERS : ENGINES;
    const noun = what === 'scheduler' ? 'scheduler' : 'persistence engine';
    if (answer === 'unknown') {
      const doubt = `cannot tell whether the kernel has the ${noun} ${name}${meantText(name, known)}`;
      if (!this.doubts.includes(doubt)) this.doubts.push(doubt);
      return;
    }
    const place =
      what === 'scheduler'
        ? inside(placeOf(service), 'scheduler')
        : inside(inside(placeOf(service), 'persistence'), 'engine');
    const module = what === 'scheduler' ? `ip_vs_${name}` : `ip_vs_pe_${name}`;
    this.problems.note(
      place,
      false,
      () => `a ${noun} that the kernel has`,
      () =>
        `${placeText(place)}: the kernel has no ${noun} ${name} and no module ${module} to load${meantText(name, known)}`,
    );
  }
}

function placeOf({ name }: CheckedService): InnerPlace {
  return inside(inside(DOCUMENT, 'services'), name);
}

function meantText(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return close === undefined || close === name ? '' : `; did you mean ${close}?`;
}

/**
 * Requests a service that no kernel adds: an IPv6 mark with a netmask of 0. Kernels look for scheduler and engine
 * first: they answer "not found" if one is missing, otherwise "invalid" for the netmask.
 */
function* probe(calls: Calls, scheduler: string, engine: string | undefined): Procedure<Answer> {
  const persistence = engine === undefined ? undefined : { timeout: 1, engine };
  for (let fwmark = 0xffff_ffff; ; fwmark--) {
    const key = { fwmark, family: 'ipv6' } as const;
    const answer = yield* attempt(impossible(calls.addService(key, { scheduler, persistence })));
    switch (answer) {
      case 'ERR_IPVS_SERVICE_EXISTS':
        continue;
      case 'ERR_IPVS_SCHEDULER_NOT_FOUND':
      case 'ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND':
        return 'no';
      case 'ERR_IPVS_INVALID':
        return 'yes';
      case undefined:
        // In case a kernel accepts it.
        yield* attempt(calls.deleteService(key));
        return 'yes';
      default:
        return 'unknown';
    }
  }
}

function impossible(call: Call<void>): Call<void> {
  return { ...call, values: { ...call.values, service: { ...call.values.service, netmask: 0 } } };
}

/** The interfaces of the namespace; undefined if they cannot be read. */
function interfaces(files: ProcFiles): string[] | undefined {
  try {
    const text = readProc(files, INTERFACES, 'list the interfaces');
    return [...text.matchAll(/^\s*([^\s:|]+):/gm)].map(([, name]) => name as string);
  } catch {
    return undefined;
  }
}
