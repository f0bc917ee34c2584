import { argumentsOf } from '../argument-checks.js';
import type { DeclaredService } from '../declared/declared.js';
import type { Maintenance } from '../override/maintenance.js';
import { composeDirty } from './composing.js';
import { drained } from './departures.js';
import { acceptDocument, receiveDocument } from './documents.js';
import type { Effect, LoopEvent, Seen } from './events.js';
import { applied, kernelTurn, lookFailed, looked } from './kernel-turn.js';
import { sendDirectly, sent } from './sending.js';
import type { SavedState } from './saved-state.js';
import { saveService } from './service-state.js';
import { checked } from './verdicts.js';
import { type LoopOptions, World } from './world.js';

/** The most checks to start in one turn while a request to the kernel is pending, so that its answer is handled soon. */
const STARTS_BESIDE_KERNEL = 20;

function isKernelWaiting({ kernel, sending, unapplied }: World): boolean {
  return kernel !== 'idle' || sending.size > 0 || unapplied.size > 0;
}

/** Times that were converted from wall time are the same within a second. */
function sameTime(one: number | undefined, other: number | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && Math.abs(one - other) < 1000);
}

/**
 * The agent without sockets, files or a clock: it takes events and returns effects. Its driver passes the time with
 * every event, in milliseconds of a monotonic clock since the host's start, performs the effects in order, and reports
 * their results as events.
 */
export class Loop {
  /** The whole state of the agent, for reports. */
  readonly world: World;
  #wokenAt: number | undefined;

  constructor(options: LoopOptions, now: number) {
    argumentsOf.is('options', options, 'object');
    argumentsOf.is('now', now, 'number');
    this.world = new World(options, now);
  }

  /** Handles one or several events; returns the effects to perform. */
  handle(event: LoopEvent | readonly LoopEvent[], now: number): Effect[] {
    let seen: Seen | undefined;
    for (const each of 'kind' in event ? [event] : event) seen = this.#happened(each, now) ?? seen;
    return this.#turn(seen, now);
  }

  /** Returns the services that were read. */
  #happened(event: LoopEvent, now: number): Seen | undefined {
    const { world } = this;
    switch (event.kind) {
      case 'tick':
        this.#wokenAt = undefined;
        break;
      case 'document':
        receiveDocument(world, event, now);
        break;
      case 'document problems':
        this.#problems(event, now);
        break;
      case 'looked':
        return looked(world, event, now);
      case 'look failed':
        lookFailed(world, event.reason, now);
        break;
      case 'checked':
        checked(world, event.probe, event.result, now);
        break;
      case 'sent':
        sent(world, event, now);
        break;
      case 'applied':
        applied(world, event, now);
        break;
      case 'drained':
        drained(world, event, now);
        break;
      case 'writers':
        if (event.programs.length > 0)
          world.report({
            at: now,
            kind: 'warning',
            text: `these programs may write the table too: ${event.programs.join(', ')}`,
          });
    }
    return undefined;
  }

  /** Takes a destination out of service. The caller has checked that the document has it. */
  startMaintenance(maintenance: Maintenance, now: number): Effect[] {
    const { service, destination, why, by } = maintenance;
    this.world.overrides.start(maintenance);
    const text = `maintenance starts${by === undefined ? '' : `, by ${by}`}${why === undefined ? '' : `: ${why}`}`;
    return this.#maintenance(service, destination, text, now);
  }

  /** Replaces the maintenance of the fleet; that of this director alone stays. */
  followMaintenance(list: readonly Maintenance[], now: number): Effect[] {
    const { overrides } = this.world;
    const effects: Effect[] = [];
    const before = overrides.all().filter(({ fleet }) => fleet === true);
    for (const { service, destination } of before)
      if (!list.some((each) => each.service === service && each.destination === destination))
        effects.push(...this.endMaintenance(service, destination, now));
    for (const each of list) {
      const old = overrides.of(each.service).get(each.destination);
      if (each.until !== undefined && each.until <= now) continue;
      if (
        old?.fleet !== true ||
        old.why !== each.why ||
        old.by !== each.by ||
        !sameTime(old.until, each.until)
      )
        effects.push(...this.startMaintenance({ ...each, fleet: true }, now));
    }
    return effects;
  }

  /** Ends a maintenance. */
  endMaintenance(service: string, destination: string, now: number): Effect[] {
    if (!this.world.overrides.end(service, destination)) return [];
    return this.#maintenance(service, destination, 'maintenance ends', now);
  }

  /** Accepts the pending document; returns undefined if `revision` is not its revision. */
  accept(revision: string, now: number): Effect[] | undefined {
    return acceptDocument(this.world, revision) ? this.#turn(undefined, now) : undefined;
  }

  /** A service of the document in force. */
  service(name: string): DeclaredService | undefined {
    return this.world.services.get(name)?.declared;
  }

  /** The state to save: with it, a restart changes nothing. */
  save(now: number): SavedState {
    const { world } = this;
    return {
      version: 1,
      revision: world.declared?.revision ?? world.saved?.revision,
      ledger: world.ledger.toJSON(),
      ...(world.doubt.at(now) !== undefined && { doubt: world.doubt.at(now) }),
      services:
        world.declared === undefined
          ? (world.saved?.services ?? {})
          : Object.fromEntries([...world.services].map(([name, state]) => [name, saveService(state)])),
    };
  }

  #problems(event: LoopEvent & { readonly kind: 'document problems' }, now: number): void {
    const { world } = this;
    world.sourceTried = true;
    const first = event.problems[0]?.message ?? 'it cannot be read';
    if (world.problemRevision !== event.revision || world.problems[0]?.message !== first)
      world.report({
        at: now,
        kind: 'document problems',
        text: `document ${event.revision} has ${event.problems.length} mistake${event.problems.length === 1 ? '' : 's'} and changes nothing; the first: ${first}`,
      });
    world.problems = event.problems;
    world.problemRevision = event.revision;
  }

  #maintenance(service: string, destination: string, text: string, now: number): Effect[] {
    const { world } = this;
    world.report({ at: now, kind: 'maintenance', service, destination, text });
    world.emit({ kind: 'save', now: true });
    world.dirty.add(service);
    return this.#turn(undefined, now);
  }

  /** The work after every event: expires timers, composes services, starts checks, sends requests to the kernel. */
  #turn(seen: Seen | undefined, now: number): Effect[] {
    const { world } = this;
    for (const { service, destination } of world.overrides.expire(now)) {
      world.report({
        at: now,
        kind: 'maintenance',
        service,
        destination,
        text: 'maintenance ends: its time is over',
      });
      world.emit({ kind: 'save', now: true });
      world.dirty.add(service);
    }
    for (let name = world.wakes.take(now); name !== undefined; name = world.wakes.take(now))
      world.dirty.add(name);
    this.#retryTolerated(now);
    composeDirty(world, now);
    sendDirectly(world, now);
    kernelTurn(world, seen, now);
    for (const probe of world.probes.start(now, isKernelWaiting(world) ? STARTS_BESIDE_KERNEL : Infinity))
      world.emit({ kind: 'check', probe });
    this.#wake(now);
    const { effects } = world;
    world.effects = [];
    return effects;
  }

  /** Restores what was left to another writer after its minute. */
  #retryTolerated(now: number): void {
    const { world } = this;
    // What is being applied was decided with it.
    if (world.kernel === 'applying') return;
    for (const [subject, { until }] of world.tolerance) {
      if (until > now) continue;
      world.tolerance.delete(subject);
      const name = subject.split(' ')[0] as string;
      const state = world.services.get(name);
      if (state !== undefined) state.applied = undefined;
      world.dirty.add(name);
    }
  }

  #wake(now: number): void {
    const { world } = this;
    const at = Math.min(
      world.kernel === 'idle' ? Math.max(world.nextLook, now) : Infinity,
      world.kernel === 'idle' && world.unapplied.size > 0 && world.retryAt > now ? world.retryAt : Infinity,
      world.probes.nextStart(now) ?? Infinity,
      world.wakes.next ?? Infinity,
      world.soon.next ?? Infinity,
      world.overrides.nextExpiry ?? Infinity,
      world.conflicts.nextAt(now) ?? Infinity,
    );
    if (at === Infinity || at === this.#wokenAt) return;
    this.#wokenAt = at;
    world.emit({ kind: 'wake', at });
  }
}
