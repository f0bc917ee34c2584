import type { DestinationState, Guard } from '../compose/composed.js';
import { isFlapping } from '../health/flapping.js';
import type { World } from '../loop/world.js';
import { unfitness } from '../report/status.js';
import type { Counted, Tally } from './tally.js';

/** The state of an agent at a scrape. */
export interface AgentView {
  readonly world: World;
  readonly tally: Tally;
  /** Milliseconds of the monotonic clock. */
  readonly now: number;
  readonly id: string;
  readonly version: string;
  /** Name of the source of documents, and when it was last read without an error; undefined: never. */
  readonly source: {
    readonly name: string;
    readonly readAt: number | undefined;
    readonly connected: boolean;
  };
}

const STATES: readonly DestinationState[] = [
  'up',
  'down',
  'unknown',
  'draining',
  'maintenance',
  'manual',
  'kept',
];
const GUARDS: readonly Guard[] = ['floor', 'all down', 'doubt'];
/** Called with a series and its value. */
type Take = (labels: Readonly<Record<string, string>>, value: number) => void;

/** A metric whose series are created at the scrape. */
export interface Family {
  /** The name of its series. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
  readonly collect: (view: AgentView, take: Take) => void;
}

const GAUGES: readonly Family[] = [
  {
    name: 'ipvs_agent_destinations',
    type: 'gauge',
    help: 'Destinations of the service in each state.',
    labels: ['service', 'state'],
    collect: ({ world }, take) => {
      for (const [service, { composed }] of world.services)
        for (const state of STATES)
          take(
            { service, state },
            composed?.destinations?.filter((each) => each.state === state).length ?? 0,
          );
    },
  },
  {
    name: 'ipvs_agent_destination_up',
    type: 'gauge',
    help: 'Whether the destination passes its checks.',
    labels: ['service', 'destination'],
    collect: ({ world }, take) => {
      if (world.declared?.agent.metrics.by !== 'destination') return;
      for (const [service, { health }] of world.services)
        for (const [destination, { state }] of health) take({ service, destination }, state === 'up' ? 1 : 0);
    },
  },
  {
    name: 'ipvs_agent_capacity_ratio',
    type: 'gauge',
    help: 'Weight in service as a share of the declared weight, from 0 to 1.',
    labels: ['service'],
    collect: ({ world }, take) => {
      for (const [service, { composed }] of world.services) take({ service }, composed?.capacity ?? 0);
    },
  },
  {
    name: 'ipvs_agent_guard_active',
    type: 'gauge',
    help: 'Whether the guard keeps destinations of the service in service although they are down.',
    labels: ['service', 'guard'],
    collect: ({ world }, take) => {
      for (const [service, { composed }] of world.services)
        for (const guard of GUARDS)
          take({ service, guard: guard.replaceAll(' ', '_') }, composed?.guard === guard ? 1 : 0);
    },
  },
  single('ipvs_agent_fit', 'Whether the director is fit.', ({ world }) => unfitness(world).length === 0),
  single(
    'ipvs_agent_doubt',
    'Whether so many failures at once make the checks doubtful.',
    ({ world, now }) => world.doubt.at(now) !== undefined,
  ),
  single('ipvs_agent_checks_in_flight', 'Checks that run.', ({ world }) => world.probes.inFlight),
  single(
    'ipvs_agent_check_lag_seconds',
    'How late the next check is; 0 if it is not.',
    ({ world, now }) => world.probes.lag(now) / 1000,
  ),
  single(
    'ipvs_agent_document_valid',
    'Whether the newest document has no mistakes.',
    ({ world }) => world.sourceTried && world.problems.length === 0,
  ),
  single(
    'ipvs_agent_document_pending',
    'Whether a document waits for agent accept.',
    ({ world }) => world.pending !== undefined,
  ),
  {
    name: 'ipvs_agent_document_revision',
    type: 'gauge',
    help: 'The revision of the document in force.',
    labels: ['revision'],
    collect: ({ world }, take) => {
      if (world.declared !== undefined) take({ revision: world.declared.revision }, 1);
    },
  },
  {
    name: 'ipvs_agent_source_connected',
    type: 'gauge',
    help: 'Whether the source of documents could be read the last time.',
    labels: ['source'],
    collect: ({ source }, take) => take({ source: source.name }, source.connected ? 1 : 0),
  },
  {
    name: 'ipvs_agent_source_age_seconds',
    type: 'gauge',
    help: 'Time since the source of documents was read.',
    labels: ['source'],
    collect: ({ source: { name, readAt }, now }, take) => {
      if (readAt !== undefined) take({ source: name }, (now - readAt) / 1000);
    },
  },
  single(
    'ipvs_agent_maintenance',
    'Destinations that operators took out.',
    ({ world }) => world.overrides.all().length,
  ),
  {
    name: 'ipvs_agent_info',
    type: 'gauge',
    help: 'The version of the agent, and the name of the director.',
    labels: ['version', 'id'],
    collect: ({ version, id }, take) => take({ version, id }, 1),
  },
  {
    name: 'ipvs_agent_destinations_flapping',
    type: 'gauge',
    help: 'Destinations of the service that went down three times in ten minutes.',
    labels: ['service'],
    collect: ({ world, now }, take) => {
      for (const [service, { health }] of world.services)
        take({ service }, [...health.values()].filter(({ flaps }) => isFlapping(flaps, now)).length);
    },
  },
];

const COUNTERS: readonly Family[] = [
  counted('ipvs_agent_checks_total', 'Checks that ended.', ['check', 'result'], 'checks'),
  counted(
    'ipvs_agent_transitions_total',
    'Changes of the state of destinations.',
    ['service', 'to'],
    'transitions',
  ),
  counted(
    'ipvs_agent_foreign_changes_total',
    'Changes that somebody else made, and what became of them.',
    ['service', 'action'],
    'foreign changes',
  ),
  counted(
    'ipvs_agent_changes_total',
    'Changes of the table that the agent sent.',
    ['kind', 'outcome'],
    'changes',
  ),
];

/** Every metric of an agent except the histogram of durations. */
export const FAMILIES: readonly Family[] = [...GAUGES, ...COUNTERS];

/** A gauge of one series without labels. */
function single(name: string, help: string, value: (view: AgentView) => number | boolean): Family {
  return { name, type: 'gauge', help, labels: [], collect: (view, take) => take({}, Number(value(view))) };
}

/** A counter since the agent started. */
function counted(name: string, help: string, labels: readonly string[], what: Counted): Family {
  return {
    name,
    type: 'counter',
    help,
    labels,
    collect: ({ tally }, take) => {
      for (const each of tally.of(what)) take(each.labels, each.value);
    },
  };
}
