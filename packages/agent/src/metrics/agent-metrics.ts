import type { MetricsFormat } from '@ipvs-ts/ipvs';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CheckResult } from '../check/result.js';
import type { DestinationState, Guard } from '../compose/composed.js';
import type { World } from '../loop/world.js';
import { unfitness } from '../report/status.js';
import { processRegistry } from './process-metrics.js';
import type { Counted, Tally } from './tally.js';

/** What the metrics of an agent are made of, at the scrape. */
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
/** Upper bounds of the histogram of durations, in seconds. */
const BUCKETS = [0.001, 0.01, 0.05, 0.25, 1, 5];

/** Sets a series. */
type Set = (labels: Readonly<Record<string, string>>, value: number) => void;

interface Family {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly collect: (view: AgentView, set: Set) => void;
}

const GAUGES: readonly Family[] = [
  {
    name: 'ipvs_agent_destinations',
    help: 'Destinations of the service in each state.',
    labels: ['service', 'state'],
    collect: ({ world }, set) => {
      for (const [service, { composed }] of world.services)
        for (const state of STATES)
          set({ service, state }, composed?.destinations?.filter((each) => each.state === state).length ?? 0);
    },
  },
  {
    name: 'ipvs_agent_destination_up',
    help: 'Whether the destination passes its checks.',
    labels: ['service', 'destination'],
    collect: ({ world }, set) => {
      if (world.declared?.agent.metrics.by !== 'destination') return;
      for (const [service, { health }] of world.services)
        for (const [destination, { state }] of health) set({ service, destination }, state === 'up' ? 1 : 0);
    },
  },
  {
    name: 'ipvs_agent_capacity_ratio',
    help: 'Weight in service as a share of the declared weight, from 0 to 1.',
    labels: ['service'],
    collect: ({ world }, set) => {
      for (const [service, { composed }] of world.services) set({ service }, composed?.capacity ?? 0);
    },
  },
  {
    name: 'ipvs_agent_guard_active',
    help: 'Whether the guard keeps destinations of the service in service although they are down.',
    labels: ['service', 'guard'],
    collect: ({ world }, set) => {
      for (const [service, { composed }] of world.services)
        for (const guard of GUARDS)
          set({ service, guard: guard.replaceAll(' ', '_') }, composed?.guard === guard ? 1 : 0);
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
    help: 'The revision of the document in force.',
    labels: ['revision'],
    collect: ({ world }, set) => {
      if (world.declared !== undefined) set({ revision: world.declared.revision }, 1);
    },
  },
  {
    name: 'ipvs_agent_source_connected',
    help: 'Whether the source of documents could be read the last time.',
    labels: ['source'],
    collect: ({ source }, set) => set({ source: source.name }, source.connected ? 1 : 0),
  },
  {
    name: 'ipvs_agent_source_age_seconds',
    help: 'Time since the source of documents was read.',
    labels: ['source'],
    collect: ({ source: { name, readAt }, now }, set) => {
      if (readAt !== undefined) set({ source: name }, (now - readAt) / 1000);
    },
  },
  single(
    'ipvs_agent_maintenance',
    'Destinations that operators took out.',
    ({ world }) => world.overrides.all().length,
  ),
  {
    name: 'ipvs_agent_info',
    help: 'The version of the agent, and the name of the director.',
    labels: ['version', 'id'],
    collect: ({ version, id }, set) => set({ version, id }, 1),
  },
];

const COUNTERS: readonly (Omit<Family, 'collect'> & { readonly counted: Counted })[] = [
  {
    name: 'ipvs_agent_checks_total',
    help: 'Checks that ended.',
    labels: ['check', 'result'],
    counted: 'checks',
  },
  {
    name: 'ipvs_agent_transitions_total',
    help: 'Changes of the state of destinations.',
    labels: ['service', 'to'],
    counted: 'transitions',
  },
  {
    name: 'ipvs_agent_foreign_changes_total',
    help: 'Changes that somebody else made, and what became of them.',
    labels: ['service', 'action'],
    counted: 'foreign changes',
  },
  {
    name: 'ipvs_agent_changes_total',
    help: 'Changes of the table that the agent sent.',
    labels: ['kind', 'outcome'],
    counted: 'changes',
  },
];

/** The metrics of an agent and of its process. */
export class AgentMetrics {
  readonly #registry = new Registry();
  readonly #durations: Histogram;

  /** `view`: what is true at a scrape. */
  constructor(view: () => AgentView) {
    const registers = [this.#registry];
    for (const { name, help, labels, collect } of GAUGES)
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        collect() {
          this.reset();
          if (labels.length > 0) collect(view(), (each, value) => this.set(each, value));
          else collect(view(), (_, value) => this.set(value));
        },
      });
    for (const { name, help, labels, counted } of COUNTERS)
      new Counter({
        name,
        help,
        labelNames: [...labels],
        registers,
        collect() {
          this.reset();
          for (const { labels: each, value } of view().tally.of(counted)) this.inc(each, value);
        },
      });
    this.#durations = new Histogram({
      name: 'ipvs_agent_check_duration_seconds',
      help: 'How long checks took that had a verdict.',
      labelNames: ['check'],
      buckets: BUCKETS,
      registers,
    });
  }

  /** A check has ended. */
  checked(check: string, { outcome, milliseconds }: CheckResult): void {
    if (outcome !== 'no verdict' && milliseconds !== undefined)
      this.#durations.observe({ check }, milliseconds / 1000);
  }

  /** The metrics as text without an end. */
  async text(format: MetricsFormat): Promise<string> {
    const texts = [await this.#registry.metrics(), await processRegistry().metrics()];
    const text = texts.map((each) => `${each.replace(/\n{2,}/g, '\n').trimEnd()}\n`).join('');
    // A registry that wrote OpenMetrics once names its counters wrongly in the other format from then on.
    return format === 'openmetrics' ? text.replace(/^(# (?:HELP|TYPE) \S+?)_total /gm, '$1 ') : text;
  }
}

/** A gauge of one series without labels. */
function single(name: string, help: string, value: (view: AgentView) => number | boolean): Family {
  return { name, help, labels: [], collect: (view, set) => set({}, Number(value(view))) };
}
