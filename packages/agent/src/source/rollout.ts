import { parseDuration, writeDuration } from '../fields/duration.js';

/** How many revisions the store keeps. */
const KEPT_REVISIONS = 10;

/** A revision that was current. */
export interface PastRevision {
  readonly revision: string;
  /** When it was put: ISO 8601. */
  readonly at: string;
  /** Who put it. */
  readonly by: string;
}

/** Which document the directors of a fleet follow. */
export interface Rollout {
  /** The revision that all follow. */
  readonly current: string;
  /** The revision that the canary tries; null if there is none. */
  readonly candidate: string | null;
  /** The director that tries the candidate before the others. */
  readonly canary: string | null;
  /** How long the candidate must work well, in milliseconds. */
  readonly bake: number;
  readonly state: 'settled' | 'baking' | 'stopped';
  /** Why the candidate was stopped. */
  readonly reason: string | null;
  /** Whether the newest document may remove more than `maxRemoval`. */
  readonly allowRemovals: boolean;
  /** The newest first, at most ten, including current and candidate. */
  readonly history: readonly PastRevision[];
}

/** The revision that a director follows. */
export function followedRevision({ current, candidate, canary, state }: Rollout, id: string): string {
  return state === 'baking' && canary === id && candidate !== null ? candidate : current;
}

/** The text of a rollout in the store. */
export function writeRollout(rollout: Rollout): string {
  return JSON.stringify({ version: 1, ...rollout, bake: writeDuration(rollout.bake) });
}

const REVISION = /^[0-9a-f]{12}$/;

/** Reads the text of a rollout; returns a sentence about its first mistake if it is invalid. */
export function readRollout(text: string): Rollout | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not an object';
  const { version, current, candidate, canary, bake, state, reason, allowRemovals, history } =
    value as Partial<Record<string, unknown>>;
  if (version !== 1) return `its version is ${shown(version)}; this program knows version 1`;
  if (!isRevision(current))
    return `current must be a revision of 12 hexadecimal digits, not ${shown(current)}`;
  if (candidate !== null && !isRevision(candidate))
    return `candidate must be null or a revision of 12 hexadecimal digits, not ${shown(candidate)}`;
  if (canary !== null && typeof canary !== 'string')
    return `canary must be null or the id of a director, not ${shown(canary)}`;
  const milliseconds = typeof bake === 'string' ? parseDuration(bake) : undefined;
  if (milliseconds === undefined) return `bake must be a duration such as 60s, not ${shown(bake)}`;
  if (state !== 'settled' && state !== 'baking' && state !== 'stopped')
    return `state must be settled, baking or stopped, not ${shown(state)}`;
  if (state === 'baking' && (candidate === null || canary === null))
    return 'state is baking, and there is no candidate or no canary';
  if (reason !== null && typeof reason !== 'string')
    return `reason must be null or text, not ${shown(reason)}`;
  if (typeof allowRemovals !== 'boolean')
    return `allowRemovals must be true or false, not ${shown(allowRemovals)}`;
  if (!Array.isArray(history) || !(history as unknown[]).every(isPast))
    return 'history must be a list of revisions, each with at and by';
  return {
    current,
    candidate,
    canary,
    bake: milliseconds,
    state,
    reason,
    allowRemovals,
    history: history as PastRevision[],
  };
}

/** Adds a new revision for all directors, or for the canary first. */
export function withRevision(
  before: Rollout | undefined,
  past: PastRevision,
  options: { readonly allowRemovals: boolean; readonly canary?: string | undefined; readonly bake: number },
): Rollout {
  const { canary, bake, allowRemovals } = options;
  const others = before?.history.filter(({ revision }) => revision !== past.revision) ?? [];
  const history = kept([past, ...others], before?.current);
  const common = { bake, reason: null, allowRemovals, history };
  return canary === undefined || before === undefined
    ? { ...common, current: past.revision, candidate: null, canary: null, state: 'settled' }
    : { ...common, current: before.current, candidate: past.revision, canary, state: 'baking' };
}

/** Makes the candidate the current revision. */
export function promoted(rollout: Rollout): Rollout {
  return {
    ...rollout,
    current: rollout.candidate ?? rollout.current,
    candidate: null,
    canary: null,
    state: 'settled',
  };
}

/** Stops the trial of the candidate: all directors follow the current revision. */
export function stopped(rollout: Rollout, reason: string): Rollout {
  return { ...rollout, state: 'stopped', reason };
}

/** The newest ten, always including the current one. */
function kept(history: readonly PastRevision[], current: string | undefined): PastRevision[] {
  const newest = history.slice(0, KEPT_REVISIONS);
  const missing = history.find((each, index) => index >= KEPT_REVISIONS && each.revision === current);
  return missing === undefined ? newest : [...newest.slice(0, -1), missing];
}

function isRevision(value: unknown): value is string {
  return typeof value === 'string' && REVISION.test(value);
}

function isPast(value: unknown): boolean {
  const { revision, at, by } = (value ?? {}) as Partial<Record<string, unknown>>;
  return isRevision(revision) && typeof at === 'string' && typeof by === 'string';
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 60);
}
