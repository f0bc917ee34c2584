import type { DestinationState } from '../compose/composed.js';
import type { World } from '../loop/world.js';
import { pendingStatus, unfitness } from '../report/status.js';
import type { StoreStatus } from '../report/store-status.js';
import type { DirectorRecord } from '../report/director-record.js';
import { VERSION } from '../version.js';
import { shortened } from './service-rows.js';
import type { DocumentHead, FleetHead, Head, StoreHead } from './wire.js';

/** The most items of a list on a page. */
const MOST_LISTED = 20;
const MOST_ROWS = 100;

/** The fleet on a page. */
export interface FleetView {
  readonly directors: readonly DirectorRecord[];
  readonly settled: boolean;
  readonly disagreements: readonly {
    readonly service: string;
    readonly destination: string;
    readonly states: Readonly<Record<string, DestinationState>>;
  }[];
  readonly ordersDiffer: boolean;
}

/** The director on its page. */
export function pageHead(
  world: World,
  id: string,
  now: number,
  store: StoreStatus | null,
  fleet: FleetView | undefined,
): Head {
  const unfit = unfitness(world);
  const doubt = world.doubt.at(now);
  const maintenance = world.overrides.all();
  return {
    id,
    version: VERSION,
    observe: world.observe,
    ready: world.table !== undefined && world.sourceTried,
    fit: unfit.length === 0,
    unfit: unfit.slice(0, MOST_LISTED).map((text) => shortened(text)),
    unfitCount: unfit.length,
    doubt:
      doubt === undefined ? null : { until: Math.round(doubt.until), failed: doubt.failed, up: doubt.up },
    document: documentHead(world),
    store: store === null ? null : storeHead(store),
    fleet: fleet === undefined ? null : fleetHead(fleet),
    warnings: world.warnings.slice(0, MOST_LISTED),
    maintenanceCount: maintenance.length,
    maintenance: maintenance.slice(0, MOST_ROWS).map(({ service, destination, since, until, why, by }) => ({
      service,
      destination,
      since: Math.round(since),
      until: until === undefined ? null : Math.round(until),
      why: why === undefined ? null : shortened(why),
      by: by === undefined ? null : shortened(by),
    })),
  };
}

function documentHead({ declared, loadedAt, problems, pending, sourceTried }: World): DocumentHead {
  return {
    revision: declared?.revision ?? null,
    loadedAt: loadedAt === undefined ? null : Math.round(loadedAt),
    valid: sourceTried && problems.length === 0,
    problems: problems
      .slice(0, MOST_LISTED)
      .map(({ line, column, message }) =>
        shortened(line === undefined ? message : `line ${line}, column ${column ?? 1}: ${message}`),
      ),
    problemCount: problems.length,
    pending: pendingStatus(pending),
  };
}

function storeHead({ endpoint, connected, problem, rollout }: StoreStatus): StoreHead {
  return {
    endpoint,
    connected,
    problem,
    current: rollout?.current ?? null,
    candidate: rollout?.candidate ?? null,
    canary: rollout?.canary ?? null,
    state: rollout?.state ?? null,
  };
}

function fleetHead({ directors, settled, disagreements, ordersDiffer }: FleetView): FleetHead {
  return {
    directors: directors
      .slice(0, MOST_ROWS)
      .map(({ id, revision, fit, doubt, obstacle, destinations, out }) => ({
        id,
        revision,
        fit,
        doubt,
        obstacle,
        destinations,
        out: Object.values(out).reduce((sum, each) => sum + Object.keys(each).length, 0),
      })),
    settled,
    disagreements: disagreements.slice(0, MOST_LISTED).map(({ service, destination, states }) => {
      const said = Object.entries(states).map(([director, state]) => `${director} says ${state}`);
      return shortened(`${destination} of ${service}: ${said.join(', ')}`);
    }),
    ordersDiffer,
  };
}
