import { type AcceptRule, acceptCommands } from './facts/accept-rule.js';
import type { Check, Explained, Finding, Sighting } from './facts/check.js';
import { sysctlCommand } from './facts/fix-commands.js';

type Draft = Finding & { services: string[]; destinations: string[]; fix: string[] };

/** A finding while sightings are added to it. */
interface Entry {
  readonly draft: Draft;
  readonly sets: readonly [Set<string>, Set<string>, Set<string>];
  readonly accept: AcceptRule[];
}

/** Collects findings: sightings of one cause are one finding. It knows which problems the findings so far explain. */
export class Findings {
  readonly #drafts = new Map<string, Entry>();
  /** Services whose problems errors explain, with the destinations; the whole service if the set is absent. */
  readonly #explained = new Map<string, Set<string> | undefined>();
  #all = false;

  /** Adds what a check has found. */
  add(check: Check, sighting: Sighting): void {
    const { service, destination, found, cause, on = 'director', settings, perhaps = false } = sighting;
    const fix = sighting.fix ?? settings?.map(sysctlCommand) ?? [];
    const safe = settings !== undefined && sighting.fix === undefined && sighting.accept === undefined;
    const key = [check.id, cause ?? found, on, safe, perhaps].join('\n');
    let entry = this.#drafts.get(key);
    if (entry === undefined) {
      const { id, severity, why, symptom } = check;
      entry = {
        draft: {
          id,
          severity: perhaps ? 'warning' : severity,
          services: [],
          destinations: [],
          found,
          why,
          symptom,
          fix: [],
          settings: settings ?? [],
          on,
          safe,
          perhaps,
          ...(sighting.advice !== undefined && { advice: sighting.advice }),
        },
        sets: [new Set(), new Set(), new Set()],
        accept: [],
      };
      this.#drafts.set(key, entry);
    }
    const { draft, sets } = entry;
    entry.accept.push(...(sighting.accept ?? []));
    append(draft.services, sets[0], service === undefined ? [] : [service]);
    append(draft.destinations, sets[1], destination === undefined ? [] : [destination]);
    append(draft.fix, sets[2], fix);
    // A rule that perhaps drops packets also explains that they were not answered.
    if (check.severity === 'error') this.#explain(service, destination);
  }

  readonly explained: Explained = (service, destination) => {
    if (this.#all) return true;
    if (!this.#explained.has(service)) return false;
    const destinations = this.#explained.get(service);
    return destinations === undefined || destination === undefined || destinations.has(destination);
  };

  /** All findings, errors first. */
  list(): Finding[] {
    return [...this.#drafts.values()]
      .map(({ draft, accept }): Finding => {
        const [service, otherService] = draft.services;
        const [destination, otherDestination] = draft.destinations;
        return {
          ...draft,
          fix: [...draft.fix, ...acceptCommands(accept)],
          ...(service !== undefined && otherService === undefined && { service }),
          ...(destination !== undefined && otherDestination === undefined && { destination }),
        };
      })
      .sort((left, right) => Number(right.severity === 'error') - Number(left.severity === 'error'));
  }

  #explain(service: string | undefined, destination: string | undefined): void {
    if (service === undefined) {
      this.#all = true;
      return;
    }
    if (destination === undefined) {
      this.#explained.set(service, undefined);
      return;
    }
    if (this.#explained.has(service) && this.#explained.get(service) === undefined) return;
    this.#explained.set(service, (this.#explained.get(service) ?? new Set()).add(destination));
  }
}

function append(list: string[], seen: Set<string>, values: readonly string[]): void {
  for (const value of values) {
    if (seen.has(value)) continue;
    seen.add(value);
    list.push(value);
  }
}
