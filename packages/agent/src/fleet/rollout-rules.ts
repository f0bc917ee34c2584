import { AgentError } from '../errors.js';
import type { PastRevision, Rollout } from '../source/rollout.js';

/** The revision to return to. Throws ERR_AGENT_NOT_FOUND. */
export function rollbackTo(
  before: Rollout | undefined,
  revision: string | undefined,
  prefix: string,
): string {
  if (before === undefined)
    throw new AgentError('ERR_AGENT_NOT_FOUND', `there is no document in ${prefix} to go back to`);
  const past = before.history.map((each) => each.revision);
  const wanted =
    revision ?? (before.state === 'settled' ? past.find((each) => each !== before.current) : before.current);
  if (wanted !== undefined && past.includes(wanted)) return wanted;
  const what = wanted === undefined ? 'an earlier revision' : `a revision ${wanted}`;
  throw new AgentError('ERR_AGENT_NOT_FOUND', `the store does not have ${what}; it has ${past.join(', ')}`);
}

/** Whether a put was executed although its answer was lost. */
export function isNewest(rollout: Rollout | undefined, { revision, at, by }: PastRevision): boolean {
  const [newest] = rollout?.history ?? [];
  return newest?.revision === revision && newest.at === at && newest.by === by;
}

/** The error for a put that another one overtook. */
export function overtaken(): AgentError {
  return new AgentError('ERR_AGENT_REFUSED', 'somebody else changed the rollout meanwhile; nothing was put');
}

/** The error for a put while a candidate is being tried. */
export function baking({ candidate, canary }: Rollout): AgentError {
  return new AgentError(
    'ERR_AGENT_REFUSED',
    `${canary ?? ''} tries document ${candidate ?? ''}; wait until it has settled, or end it by: ipvs-ts fleet rollback`,
  );
}
