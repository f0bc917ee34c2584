import { type Probe, probeOf } from '../check/probe.js';
import type { ComposedService } from '../compose/composed.js';
import type { DeclaredDestination, DeclaredService } from '../declared/declared.js';
import type { AllDownMemory } from '../health/all-down.js';
import { type DestinationHealth, firstHealth, withVerdicts } from '../health/destination-health.js';
import type { DownMode } from '../health/down-mode.js';
import { fingerprint } from '../health/hash.js';
import { inheritVerdict } from '../health/inherit.js';
import { unknownVerdict, type Verdict } from '../health/judge.js';
import type { SeenService } from '../own/seen.js';
import type { SavedHealth, SavedService } from './saved-state.js';

/** A service of the document in force, and its state. */
export interface ServiceState {
  readonly declared: DeclaredService;
  /** The probes of each destination, by the index of the check. */
  readonly probes: ReadonlyMap<string, readonly Probe[]>;
  readonly health: Map<string, DestinationHealth>;
  readonly firstSight: number;
  mode: DownMode;
  memory: AllDownMemory | undefined;
  /** The service as last seen in the table; undefined if it did not exist. */
  known: SeenService | undefined;
  /** Whether the agent has read it. */
  wasSeen: boolean;
  composed: ComposedService | undefined;
  /** When it was last composed. */
  composedAt: number;
  /** The signature of what was last applied; undefined: it must be applied anyway. */
  applied: string | undefined;
}

/** What is known of a service before its state is created again. */
export interface Past {
  readonly seen: SeenService | undefined;
  readonly saved: SavedService | undefined;
}

/** The probes of a service's destinations. */
export function probesOf({ key, destinations = [] }: DeclaredService): Map<string, readonly Probe[]> {
  const virtualAddress = key.fwmark === undefined ? key.address : undefined;
  return new Map(
    destinations.map((each) => [each.name, each.checks.map((check) => probeOf(check, each, virtualAddress))]),
  );
}

/**
 * The health of each destination: as saved, if its checks are the same; otherwise inherited from the table, if it has
 * the destination.
 */
export function healthOf(
  { destinations = [] }: DeclaredService,
  probes: ReadonlyMap<string, readonly Probe[]>,
  { seen, saved }: Past,
  now: number,
): Map<string, DestinationHealth> {
  return new Map(
    destinations.map((each) => {
      const own = probes.get(each.name) as readonly Probe[];
      const before = saved?.health[each.name];
      const weight = seen?.destinations.get(each.name)?.weight;
      return [each.name, before === undefined ? inherited(each, weight, now) : restored(before, own, now)];
    }),
  );
}

function inherited(
  { checks }: DeclaredDestination,
  weight: number | undefined,
  now: number,
): DestinationHealth {
  return firstHealth(
    checks.map(() => inheritVerdict(weight, now)),
    now,
  );
}

/** A new check of a destination starts with the health of the destination. */
function restored(saved: SavedHealth, probes: readonly Probe[], now: number): DestinationHealth {
  const { verdicts: before, ...rest } = saved;
  const verdicts = probes.map((probe): Verdict => {
    const identity = identityOf(probe);
    const found = before.find((each) => each.probe === identity);
    if (found !== undefined) return found.verdict;
    if (saved.state === 'unknown') return unknownVerdict(now);
    return { ...inheritVerdict(saved.state === 'up' ? 1 : 0, now), everUp: saved.everUp };
  });
  const health: DestinationHealth = { ...rest, verdicts };
  // A destination that lost its last check is up at once.
  return withVerdicts(health, verdicts, now);
}

const IDENTITIES = new WeakMap<Probe, string>();

/** Identifies a probe in the saved state. */
function identityOf(probe: Probe): string {
  const known = IDENTITIES.get(probe);
  if (known !== undefined) return known;
  const identity = fingerprint(probe.key);
  IDENTITIES.set(probe, identity);
  return identity;
}

/** The state of a service to save. */
export function saveService({ firstSight, memory, health, probes }: ServiceState): SavedService {
  return {
    firstSight,
    ...(memory !== undefined && { memory }),
    health: Object.fromEntries(
      [...health].map(([name, { verdicts, ...rest }]) => [
        name,
        {
          ...rest,
          verdicts: verdicts.map((verdict, index) => ({
            probe: identityOf(probes.get(name)?.[index] as Probe),
            verdict,
          })),
        },
      ]),
    ),
  };
}
