import type { DesiredService, DestinationOptions } from '@ipvs-ts/ipvs';
import {
  CHECK_TYPES,
  type CheckResult,
  type Declared,
  type Effect,
  failed,
  type Happening,
  Loop,
  type LoopEvent,
  passed,
  type Probe,
  readDeclared,
  type SavedState,
  type SendOutcome,
  type SeenDestination,
  type SeenService,
} from '@ipvs-ts/agent';

/** A service in the table of the simulation. */
export interface TableService {
  readonly options: SeenService['options'];
  readonly destinations: Map<string, SeenDestination>;
}

/** A request that changed the table of the simulation. */
export interface Sent {
  readonly at: number;
  readonly text: string;
}

/** How long requests take, before and after the kernel carries them out; 0 by default. */
export type Latency = Partial<
  Record<'look' | 'send' | 'apply', { readonly before: number; readonly after: number }>
>;

/** How servers answer: by probe, at a time. `undefined`: they say nothing until the timeout. */
export type Servers = (probe: Probe, now: number) => CheckResult | undefined;

interface Timed {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Reads a document and throws its first mistake. */
export function declare(document: object, revision = 'one'): Declared {
  const { declared, problems } = readDeclared(document, revision, CHECK_TYPES);
  if (declared === undefined) throw new Error(problems[0]?.message);
  return declared;
}

/** A loop in virtual time, with a table and servers of its own. */
export class Simulation {
  readonly table = new Map<string, TableService>();
  readonly sent: Sent[] = [];
  readonly happenings: Happening[] = [];
  readonly started: { readonly at: number; readonly probe: Probe }[] = [];
  /** How many times the table was read before something else. */
  looks = 0;
  /** How many sends there were at verdicts. */
  sends = 0;
  /** Services that somebody else changed between a reading and the change that rests on it. */
  readonly overtaken: string[] = [];
  /** What was saved last: it survives {@link restart}. */
  saved: SavedState | undefined;
  /** Whether the state is saved: large tables take their time. */
  keeps = true;
  /** Requests that change the table fail with this. */
  failure: string | undefined;
  /** The timeouts of drains. */
  readonly drainTimeouts: number[] = [];
  /** How the servers answer. */
  servers: Servers = () => passed('ok');
  /** The timeouts of the table. */
  timeouts: object = {};
  /** Settings of the kernel. */
  expiry: { expiresTemplates: boolean | undefined; expiresConnections: boolean | undefined } = {
    expiresTemplates: true,
    expiresConnections: undefined,
  };
  /** How long, in milliseconds, a request takes until the kernel carries it out, and from then until its answer. */
  latency: Latency = {};
  id = 'lb1';
  now: number;
  loop: Loop;
  #queue: Timed[] = [];
  #order = 0;
  #wake: Timed | undefined;
  #drains = new Map<string, Timed>();
  #generation = 0;

  constructor(now = 1_000_000, options: { readonly id?: string } = {}) {
    this.now = now;
    this.id = options.id ?? this.id;
    this.loop = new Loop({ id: this.id }, now);
    this.#begin();
  }

  /**
   * Kills the agent and starts another with what was saved. `lose`: the saved state is gone. `without`: how
   * long, in milliseconds, there is no document; Infinity: the test brings one.
   */
  restart({ lose = false, without = 0 }: { readonly lose?: boolean; readonly without?: number } = {}): void {
    const { declared } = this.loop.world;
    this.#queue = [];
    this.#drains.clear();
    this.#generation += 1;
    const saved = lose ? undefined : (JSON.parse(JSON.stringify(this.saved ?? null)) as SavedState | null);
    const maintenance = this.loop.world.overrides.all();
    this.loop = new Loop({ id: this.id, saved: saved ?? undefined, maintenance }, this.now);
    this.#begin();
    if (without === Infinity) return;
    this.run(without);
    if (declared !== undefined) this.event({ kind: 'document', declared });
  }

  document(document: object, revision = 'one'): void {
    this.event({ kind: 'document', declared: declare(document, revision) });
  }

  event(event: LoopEvent): void {
    this.perform(this.loop.handle(event, this.now));
  }

  /** Lets time pass. */
  run(milliseconds: number): this {
    const end = this.now + milliseconds;
    for (;;) {
      let next: Timed | undefined;
      for (const each of this.#queue)
        if (next === undefined || each.at < next.at || (each.at === next.at && each.order < next.order))
          next = each;
      if (next === undefined || next.at > end) break;
      this.#queue.splice(this.#queue.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
    return this;
  }

  /** The weights of a service, in the order of the table; absent: undefined. */
  weights(service: string): Record<string, number> | undefined {
    const found = this.table.get(service);
    return found && Object.fromEntries([...found.destinations].map(([name, { weight }]) => [name, weight]));
  }

  /** The state of a destination as reports show it. */
  state(service: string, destination: string): string | undefined {
    return this.composed(service, destination)?.state;
  }

  composed(
    service: string,
    destination: string,
  ): { state: string; reason: string; weight: number } | undefined {
    return this.loop.world.services
      .get(service)
      ?.composed?.destinations?.find(({ name }) => name === destination);
  }

  /** Somebody else changes the table. */
  byHand(service: string, destination: string, change: Partial<SeenDestination> | undefined): void {
    const destinations = this.table.get(service)?.destinations;
    const found = destinations?.get(destination);
    if (change === undefined) destinations?.delete(destination);
    else destinations?.set(destination, { ...(found ?? seen({})), ...change });
  }

  perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#perform(effect);
  }

  #begin(): void {
    this.event({ kind: 'tick' });
  }

  #later(delay: number, run: () => void): Timed {
    const generation = this.#generation;
    const entry = {
      at: this.now + delay,
      order: this.#order++,
      run: () => {
        if (generation === this.#generation) run();
      },
    };
    this.#queue.push(entry);
    return entry;
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'check': {
        this.started.push({ at: this.now, probe: effect.probe });
        const { key, check } = effect.probe;
        const result = this.servers(effect.probe, this.now);
        const delay = result === undefined ? check.timeout : 1;
        this.#later(delay, () => {
          this.event({ kind: 'checked', probe: key, result: result ?? failed('no answer') });
        });
        return;
      }
      case 'look':
        this.looks += 1;
        this.#request('look', () => {
          const all = effect.services === 'all';
          const names = effect.services === 'all' ? [...this.table.keys()] : effect.services;
          const seen = new Map(names.map((name) => [name, this.#seen(name)]));
          const globals = effect.globals && this.#differences(effect.globals);
          return () => ({ kind: 'looked', all, seen, expiry: this.expiry, globals });
        });
        return;
      case 'send':
        this.sends += 1;
        this.#request('send', () => this.#send(effect));
        return;
      case 'apply':
        this.#request('apply', () => this.#apply(effect));
        return;
      case 'drain':
        this.#drain(effect.service, effect.destination, effect.timeout);
        return;
      case 'stop drain': {
        const key = `${effect.service} ${effect.destination}`;
        const drain = this.#drains.get(key);
        this.#drains.delete(key);
        if (drain !== undefined) this.#queue.splice(this.#queue.indexOf(drain), 1);
        this.event({ ...effect, kind: 'drained', outcome: 'stopped', left: 0 });
        return;
      }
      case 'save':
        if (this.keeps) this.saved = this.loop.save(this.now);
        return;
      case 'report':
        this.happenings.push(effect.happening);
        return;
      case 'count':
      case 'find writers':
        return;
      case 'wake':
        if (this.#wake !== undefined) {
          const index = this.#queue.indexOf(this.#wake);
          if (index !== -1) this.#queue.splice(index, 1);
        }
        this.#wake = this.#later(Math.max(0, effect.at - this.now), () => this.event({ kind: 'tick' }));
    }
  }

  /** Carries a request out; the function that it returns creates the answer, which is read last. */
  #request(kind: keyof Latency, carryOut: () => () => LoopEvent): void {
    const { before = 0, after = 0 } = this.latency[kind] ?? {};
    this.#later(before, () => {
      const answer = carryOut();
      if (after === 0) this.event(answer());
      else this.#later(after, () => this.event(answer()));
    });
  }

  #differences({ timeouts }: { readonly timeouts?: object | undefined }): string[] {
    return JSON.stringify(timeouts) === JSON.stringify(this.timeouts) ? [] : ['set timeouts'];
  }

  #seen(name: string): SeenService | undefined {
    const found = this.table.get(name);
    return found && { options: found.options, destinations: new Map(found.destinations) };
  }

  #send({ service, changes }: Effect & { readonly kind: 'send' }): () => LoopEvent {
    const table = this.table.get(service)?.destinations;
    const outcomes = changes.map(({ verb, destination, options }): SendOutcome => {
      if (this.failure !== undefined) return { failed: this.failure };
      const before = table?.get(destination);
      if (table === undefined || (verb === 'add') === (before !== undefined)) return 'overtaken';
      if (verb === 'delete') table.delete(destination);
      else table.set(destination, { ...seen({}), ...before, ...seenOptions(options) });
      const weight = options.weight ?? 1;
      const text = {
        add: `add ${service} ${destination} ${weight}`,
        set: `set ${service} ${destination} ${before?.weight ?? 0} ${weight}`,
        delete: `delete ${service} ${destination}`,
      };
      this.sent.push({ at: this.now, text: text[verb] });
      return 'done';
    });
    return () => ({ kind: 'sent', service, outcomes });
  }

  #apply(effect: Effect & { readonly kind: 'apply' }): () => LoopEvent {
    const overtaken = new Set(
      Object.entries(effect.desired.services).flatMap(([name, desired]) =>
        this.#isOvertaken(name, desired, effect.from.get(name)) ? [name] : [],
      ),
    );
    const changes: string[] = [];
    const send = (text: string): void => {
      changes.push(text);
      this.sent.push({ at: this.now, text });
    };
    if (this.failure === undefined) {
      const { timeouts } = effect.desired;
      if (timeouts !== undefined && this.#differences(effect.desired).length > 0) {
        this.timeouts = timeouts;
        send('set timeouts');
      }
      for (const [name, { destinations = {}, ...options }] of Object.entries(effect.desired.services)) {
        if (overtaken.has(name)) continue;
        if (!this.table.has(name)) {
          this.table.set(name, { options, destinations: new Map() });
          send(`add ${name}`);
        }
        const table = this.table.get(name) as TableService;
        for (const [destination, settings] of Object.entries(destinations)) {
          const before = table.destinations.get(destination);
          const { activeConnections = 0 } = before ?? {};
          const after = { ...seen({ activeConnections }), ...seenOptions(settings) };
          if (before === undefined) send(`add ${name} ${destination} ${after.weight}`);
          else if (before.weight !== after.weight)
            send(`set ${name} ${destination} ${before.weight} ${after.weight}`);
          else if (JSON.stringify(before) !== JSON.stringify(after)) send(`edit ${name} ${destination}`);
          table.destinations.set(destination, after);
        }
      }
      for (const { service, destination } of effect.deleteDestinations)
        if (!overtaken.has(service) && this.table.get(service)?.destinations.delete(destination) === true)
          send(`delete ${service} ${destination}`);
      for (const service of effect.deleteServices)
        if ((this.table.get(service)?.destinations.size ?? 0) > 0) overtaken.add(service);
        else if (this.table.delete(service)) send(`delete ${service}`);
    }
    this.overtaken.push(...overtaken);
    const failures = this.failure === undefined ? [] : [this.failure];
    const names = [...effect.from.keys()].filter((name) => !overtaken.has(name));
    return () => ({
      kind: 'applied',
      changes,
      failures,
      seen: new Map(names.map((name) => [name, this.#seen(name)])),
      overtaken: [...overtaken],
    });
  }

  /** Whether somebody else changed what is to be changed since it was read. */
  #isOvertaken(name: string, { destinations = {} }: DesiredService, from: SeenService | undefined): boolean {
    const table = this.table.get(name);
    if (table === undefined) return from !== undefined;
    return Object.entries(destinations).some(([destination, settings]) => {
      const before = table.destinations.get(destination);
      const known = from?.destinations.get(destination);
      const isChanged = JSON.stringify(before) !== JSON.stringify(known);
      return isChanged && before?.weight !== settings.weight;
    });
  }

  /** Connections end when the drain's time is over, unless there are none. */
  #drain(service: string, destination: string, timeout: number): void {
    this.drainTimeouts.push(timeout);
    const found = this.table.get(service)?.destinations.get(destination);
    if (found !== undefined && found.weight > 0) {
      this.sent.push({ at: this.now, text: `set ${service} ${destination} ${found.weight} 0` });
      this.byHand(service, destination, { weight: 0 });
    }
    const left = found?.activeConnections ?? 0;
    const key = `${service} ${destination}`;
    this.#drains.set(
      key,
      this.#later(left > 0 ? timeout : 0, () => {
        this.#drains.delete(key);
        this.table.get(service)?.destinations.delete(destination);
        this.sent.push({ at: this.now, text: `delete ${service} ${destination}` });
        this.event({ kind: 'drained', service, destination, outcome: 'deleted', left });
      }),
    );
  }
}

/** A destination of a table. */
export function seen(change: Partial<SeenDestination>): SeenDestination {
  return {
    weight: 1,
    forwarding: 'route',
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
    activeConnections: 0,
    inactiveConnections: 0,
    ...change,
  };
}

function seenOptions({ tunnel: _, ...options }: DestinationOptions): Partial<SeenDestination> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
