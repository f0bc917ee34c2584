import { destinationKeyText, serviceKeyText } from '@ipvs-ts/ipvs';
import type { ImportedDestination, ImportedService, Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import { validChecks } from '../valid.js';
import { checksOf, type Times } from './checks.js';
import { type LookUp, readHost, readPort } from './endpoint.js';
import { note } from './note.js';
import { FORWARDINGS, type Real, readReal } from './real.js';
import { schedulerFlags } from './scheduler-flags.js';
import type { Section } from './sections.js';
import { Settings } from './settings.js';
import { NEGOTIATED, readVirtual, type Virtual } from './virtual.js';

/** Defaults of ldirectord, in seconds. */
const DEFAULTS = { interval: 10, connect: 5, negotiate: 30 };
const LONGEST_PERSISTENCE = 2_678_400;

/** Reads one virtual service. */
export class ServiceReader {
  readonly #section: Section;
  readonly #settings: Settings;
  readonly #globals: Settings;
  readonly #lookUp: LookUp;
  readonly #remarks: Remarks;

  constructor(section: Section, globals: Settings, lookUp: LookUp, remarks: Remarks) {
    this.#section = section;
    this.#settings = new Settings(section);
    this.#globals = globals;
    this.#lookUp = lookUp;
    this.#remarks = remarks;
  }

  /** Adds a remark that the whole service is left out. */
  leaveOut(why: string): void {
    const { head, entries } = this.#section;
    if (head !== undefined) this.#remarks.leaveOut(head, why, entries);
  }

  read(): readonly [string, ImportedService] | undefined {
    const head = this.#section.head as NonNullable<Section['head']>;
    const virtual = readVirtual(head, this.#settings, this.#lookUp);
    if (typeof virtual === 'string') {
      this.leaveOut(`${virtual}, so it is left out`);
      return undefined;
    }
    if (!NEGOTIATED.includes(virtual.service)) {
      this.leaveOut(`service ${virtual.service} is not known, so ldirectord refuses the file`);
      return undefined;
    }
    this.#remarks.takenOver(head, `${head.text}: a service`);
    const isOff = this.#settings.text('checktype') === 'off';
    const destinations = isOff ? this.#switchedOff(virtual) : this.#destinations(virtual);
    const health = isOff ? undefined : this.#health(virtual, [...destinations.values()]);
    return [nameOf(virtual), { settings: this.#serviceSettings(virtual), health, destinations }];
  }

  #serviceSettings(virtual: Virtual): Plain {
    const settings = this.#settings;
    const scheduler = /[a-z]+/.exec(settings.text('scheduler') ?? '')?.[0] ?? 'wrr';
    const flags = schedulerFlags(settings.entry('schedflags'), scheduler, this.#remarks);
    const timeout = settings.number('persistent');
    const netmask = settings.text('netmask');
    this.#remarkUnused(virtual, timeout);
    return {
      scheduler,
      ...(flags !== undefined && { flags }),
      ...(settings.yes('ops') === true && virtual.protocol === 'udp' && { onePacket: true }),
      ...(timeout !== undefined && {
        persistence: {
          timeout: Math.min(timeout, LONGEST_PERSISTENCE),
          ...(netmask !== undefined && { netmask: /^\d+$/.test(netmask) ? Number(netmask) : netmask }),
        },
      }),
    };
  }

  /** Adds remarks for values that the document does not have unchanged. */
  #remarkUnused(virtual: Virtual, timeout: number | undefined): void {
    const unused = (key: string, fate: 'differs' | 'dropped', why: string): void => {
      const entry = this.#settings.entry(key);
      if (entry !== undefined) this.#remarks.instead(entry, fate, `${entry.text}: ${why}`);
    };
    if (this.#settings.yes('ops') === true && virtual.protocol !== 'udp')
      unused('ops', 'dropped', 'it is for udp only; ldirectord ignores it too');
    if (timeout !== undefined && timeout > LONGEST_PERSISTENCE)
      unused('persistent', 'differs', `the longest that the kernel takes is ${LONGEST_PERSISTENCE}`);
    if (timeout === undefined)
      unused('netmask', 'dropped', 'it is for persistent services; there is no persistent');
  }

  #reals(virtual: Virtual): readonly Real[] {
    return this.#section.entries
      .filter(({ key }) => key === 'real' || key === 'real6')
      .flatMap((entry) => {
        const fits = (entry.key === 'real6') === (virtual.family === 'ipv6');
        const read = fits
          ? readReal(entry, virtual.family, this.#lookUp)
          : `${entry.key} is for the other address family, so ldirectord refuses the file`;
        if (typeof read !== 'string') return read;
        this.#remarks.instead(entry, 'dropped', `${entry.text}: ${read}`);
        return [];
      });
  }

  #destinations(virtual: Virtual): ReadonlyMap<string, ImportedDestination> {
    const times = this.#times();
    const destinations = new Map<string, ImportedDestination>();
    for (const real of this.#reals(virtual)) {
      const port = tablePort(real.port, real.forwarding, virtual);
      const name = destinationKeyText({ address: real.address, port });
      if (destinations.has(name))
        this.#remarks.instead(real.entry, 'dropped', `${real.entry.text}: ${name} is there already`);
      else {
        const checks = validChecks(
          checksOf(virtual, this.#settings, real, port, times, this.#remarks) ?? [],
          (why) => note(this.#remarks, this.#settings.entry('checktype') ?? real.entry, 'dropped', why),
        );
        destinations.set(name, { settings: settingsOf(real), checks });
        if (real.weight === 0 && checks.length > 0 && !this.#isQuiescent())
          this.#remarks.differs(
            real.entry,
            `${real.entry.text}: with weight 0 it stays in the table when it is down; ldirectord removes it`,
          );
      }
    }
    return destinations;
  }

  /** `checktype = off`: no server is in service, and the fallback is. */
  #switchedOff(virtual: Virtual): ReadonlyMap<string, ImportedDestination> {
    const fallback = Object.entries(this.#fallback(virtual) ?? {});
    const reals = this.#isQuiescent() ? this.#reals(virtual) : [];
    return new Map([
      ...reals.map((real): [string, ImportedDestination] => [
        destinationKeyText({ address: real.address, port: tablePort(real.port, real.forwarding, virtual) }),
        { settings: { ...settingsOf(real), weight: 0 }, checks: [] },
      ]),
      ...fallback.map(([name, settings]): [string, ImportedDestination] => [
        name,
        { settings: settings as Plain, checks: [] },
      ]),
    ]);
  }

  #times(): Times {
    const own = (key: string): number | undefined => this.#settings.number(key);
    const all = (key: string): number | undefined => this.#globals.number(key);
    const forks = this.#globals.yes('fork') === true;
    const interval = own('checkinterval');
    if (interval !== undefined && !forks) {
      const entry = this.#settings.entry('checkinterval');
      if (entry !== undefined)
        this.#remarks.instead(
          entry,
          'dropped',
          `${entry.text}: ldirectord ignores it here without fork = yes`,
        );
    }
    const connect =
      own('checktimeout') ?? own('negotiatetimeout') ?? all('checktimeout') ?? all('negotiatetimeout');
    const negotiate =
      own('negotiatetimeout') ?? own('checktimeout') ?? all('negotiatetimeout') ?? all('checktimeout');
    return {
      interval: Math.max(1, (forks ? interval : undefined) ?? all('checkinterval') ?? DEFAULTS.interval),
      connect: Math.max(1, connect ?? DEFAULTS.connect),
      negotiate: Math.max(1, negotiate ?? DEFAULTS.negotiate),
      failures: Math.max(1, own('failurecount') ?? all('failurecount') ?? 1),
      pings: Math.max(1, own('checkcount') ?? all('checkcount') ?? 1),
    };
  }

  #isQuiescent(): boolean {
    return this.#settings.yes('quiescent') ?? this.#globals.yes('quiescent') ?? false;
  }

  #health(virtual: Virtual, destinations: readonly ImportedDestination[]): Plain | undefined {
    const sorry = this.#fallback(virtual);
    if (sorry === undefined && destinations.every(({ checks }) => checks.length === 0)) return undefined;
    return {
      whenDown: this.#isQuiescent() ? 'quiesce' : 'remove',
      ...(sorry === undefined ? { whenAllDown: 'refuse' } : { whenAllDown: 'sorry', sorry }),
    };
  }

  /** The fallback of the service, or the global one: there is none for marks without their own. */
  #fallback(virtual: Virtual): Plain | undefined {
    const key = virtual.family === 'ipv6' ? 'fallback6' : 'fallback';
    const own = this.#settings.entry(key);
    const entry = own ?? (virtual.protocol === 'fwm' ? undefined : this.#globals.entry(key));
    if (entry === undefined) return undefined;
    const [, host = '', portText, method = 'gate'] =
      /^(\[[0-9A-Fa-f:]+\]|[^\s:]+)(?::([A-Za-z0-9_-]+))?(?:\s+(\S+))?$/.exec(entry.value) ?? [];
    const address = readHost(host, virtual.family, this.#lookUp);
    const port = portText === undefined ? virtual.port : readPort(portText, virtual.protocol, this.#lookUp);
    const forwarding = FORWARDINGS[method];
    if (address === undefined || port === undefined || forwarding === undefined) {
      this.#remarks.instead(entry, 'dropped', `${entry.text}: it is not ADDRESS[:PORT] [gate|masq|ipip]`);
      return undefined;
    }
    return { [destinationKeyText({ address, port: tablePort(port, forwarding, virtual) })]: { forwarding } };
  }
}

function settingsOf({ forwarding, weight, lowerThreshold, upperThreshold }: Real): Plain {
  return {
    forwarding,
    weight,
    ...(upperThreshold > 0 && { upperThreshold }),
    ...(lowerThreshold > 0 && { lowerThreshold }),
  };
}

/** The port in the table: only masquerading changes the port of packets; with port 0 they keep their port. */
function tablePort(port: number, forwarding: string, virtual: Virtual): number {
  return forwarding === 'masq' ? port : virtual.port;
}

function nameOf({ address, fwmark, family, port, protocol }: Virtual): string {
  if (address === undefined || protocol === 'fwm') return serviceKeyText({ fwmark, family });
  return serviceKeyText({ protocol, address, port });
}
