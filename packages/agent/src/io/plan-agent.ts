import { argumentsOf, checkHostOptions } from '../argument-checks.js';
import { hostname } from 'node:os';
import { type DocumentProblem, Ipvs } from '@ipvs-ts/ipvs';
import { CHECK_TYPES } from '../check/check-type.js';
import { readDeclaredText } from '../declared/read-text.js';
import type { Declared } from '../declared/declared.js';
import { AgentError } from '../errors.js';
import type { Effect, LoopEvent } from '../loop/events.js';
import { Loop } from '../loop/loop.js';
import { removalText } from '../source/removal.js';
import { digestOf } from '../store/store.js';
import { hostClock } from '../state/clock.js';
import { KernelTable } from './kernel-table.js';
import { namespaceId } from './namespace.js';
import { type AgentOptions, DEFAULT_PATHS } from './run-agent.js';
import { StateFiles } from '../state/state-files.js';
import { readText } from '../state/read-text.js';

/** Options of {@link planAgent}. */
export type PlanAgentOptions = Pick<
  AgentOptions,
  'file' | 'runtimeDirectory' | 'stateDirectory' | 'netns' | 'checkTypes' | 'open'
>;

/** What an agent would do with a document. */
export interface AgentPlan {
  readonly revision: string;
  /** The mistakes in the document, with which nothing would be changed. */
  readonly problems: readonly DocumentProblem[];
  /** What the document removes, if that is so much that it would be pending. */
  readonly pending: string | undefined;
  /** The changes that would be made at once, before any check has run: a sentence each. */
  readonly changes: readonly string[];
}

/**
 * Reads a document and the table, and returns what an agent would change at once. Destinations in the table count as up
 * or down by their weights, and by the state that an agent has saved. It changes nothing and runs no checks. Rejects
 * with ERR_AGENT_FILE if the document cannot be read, and with the error if the table cannot be read.
 */
export async function planAgent(options: PlanAgentOptions = {}): Promise<AgentPlan> {
  argumentsOf.object('options', options);
  const {
    file = DEFAULT_PATHS.file,
    runtimeDirectory = DEFAULT_PATHS.runtimeDirectory,
    stateDirectory = DEFAULT_PATHS.stateDirectory,
    netns,
  } = options;
  const { checkTypes } = options;
  checkHostOptions({ file, runtimeDirectory, stateDirectory, netns, checkTypes });
  const text = await textOf(file);
  const revision = digestOf(text);
  const { declared, problems } = await readDeclaredText(text, file, revision, {
    ...CHECK_TYPES,
    ...options.checkTypes,
  });
  if (declared === undefined) return { revision, problems, pending: undefined, changes: [] };
  const clock = hostClock();
  const namespace = namespaceId(netns);
  const store = new StateFiles(runtimeDirectory, stateDirectory, () => namespace, clock);
  const saved = { saved: store.loadState(), maintenance: store.loadMaintenance() };
  const loop = new Loop({ id: hostname(), ...saved }, clock.now());
  const kernel = new KernelTable(options.open ?? ((): Promise<Ipvs> => Ipvs.open({ netns })), true);
  try {
    const changes = await firstChanges(loop, kernel, declared, () => clock.now());
    const { pending } = loop.world;
    return { revision, problems, pending: pending && removalText(pending.removal), changes };
  } finally {
    await kernel.close();
  }
}

/** Lets the loop read and decide, and collects its first changes. */
async function firstChanges(
  loop: Loop,
  kernel: KernelTable,
  declared: Declared,
  now: () => number,
): Promise<string[]> {
  const changes: string[] = [];
  let events: LoopEvent[] = [{ kind: 'tick' }, { kind: 'document', declared }];
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    for (const effect of loop.handle(event, now())) {
      changes.push(...direct(effect));
      const next = await carriedOut(kernel, effect);
      if (next?.kind === 'look failed') throw new AgentError('ERR_AGENT_KERNEL', next.reason);
      // Later changes depend on checks.
      if (next?.kind === 'applied') {
        changes.unshift(...next.changes, ...next.failures.map((failure) => `this would fail: ${failure}`));
        events = [];
      } else if (next !== undefined) events.unshift(next);
    }
  }
  return changes;
}

/** The changes of effects that are sent without a plan. */
function direct(effect: Effect): string[] {
  if (effect.kind === 'drain')
    return [`drain and delete destination ${effect.destination} of service ${effect.service}`];
  if (effect.kind !== 'send') return [];
  return effect.changes.map(({ text }) => text);
}

async function carriedOut(kernel: KernelTable, effect: Effect): Promise<LoopEvent | undefined> {
  if (effect.kind === 'look') return kernel.look(effect);
  return effect.kind === 'apply' ? kernel.apply(effect) : undefined;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (cause) {
    const { code = String(cause) } = cause as { readonly code?: string };
    throw new AgentError('ERR_AGENT_FILE', `${file} cannot be read (${code})`, { cause });
  }
}
