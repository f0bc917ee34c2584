import { signature } from '../compose/composed.js';
import { composeSpaced } from './composing.js';
import { type DirectChange, directChanges, isComplete, withChanges } from './direct-changes.js';
import type { LoopEvent } from './events.js';
import { recordOwn, refused, reportChanges } from './kernel-turn.js';
import type { World } from './world.js';

/** Signature of a service of which more was decided than was sent: the rest can be sent directly as well. */
const INCOMPLETE = 'incomplete';

/** Sends the changes of verdicts in the same turn, with one send for each service. */
export function sendDirectly(world: World, now: number): void {
  if (world.observe || now < world.retryAt || world.declared === undefined) return;
  for (const name of world.unapplied) {
    const state = world.services.get(name);
    if (state?.composed === undefined || state.applied === undefined) continue;
    if (world.sending.has(name) || (world.kernel === 'applying' && world.applying.has(name))) continue;
    const changes = directChanges(state, world.ledger, world.tolerance, now);
    if (changes.length === 0) continue;
    recordOwn(world, name);
    if (world.ledger.takeChanged()) world.emit({ kind: 'save', now: true });
    world.sending.set(name, changes);
    world.touch(name, changes);
    world.unapplied.delete(name);
    world.emit({ kind: 'send', service: name, changes });
  }
}

/** Handles the kernel's answer to {@link sendDirectly}. Failed changes are decided again after a new reading. */
export function sent(world: World, event: LoopEvent & { readonly kind: 'sent' }, now: number): void {
  const { service, outcomes } = event;
  const changes = world.sending.get(service) ?? [];
  world.sending.delete(service);
  world.touch(service, changes);
  const done = changes.filter((_, index) => outcomes[index] === 'done');
  if (done.length > 0)
    reportChanges(
      world,
      done.map(({ text }) => text),
      now,
    );
  const failures = outcomes.flatMap((outcome) => (typeof outcome === 'string' ? [] : [outcome.failed]));
  if (failures.length > 0) refused(world, failures, now);
  learn(world, service, done);
  const state = world.services.get(service);
  if (state === undefined) return;
  const whole = done.length === changes.length && !changes.some(({ verb }) => verb === 'add');
  const isAll = whole && isComplete(state);
  if (state.composed !== undefined && state.applied !== undefined)
    state.applied = isAll ? signature(state.composed) : whole ? INCOMPLETE : undefined;
  if (isAll) composeSpaced(world, state, now);
  else world.dirty.add(service);
  world.emit({ kind: 'save', now: false });
}

/** Updates what is known of a service after a send. */
function learn(world: World, service: string, done: readonly DirectChange[]): void {
  const state = world.services.get(service);
  if (state?.known !== undefined) {
    state.known = withChanges(state.known, done);
    world.table?.set(service, state.known);
  }
  for (const { verb, destination, options } of done)
    if (
      verb !== 'delete' &&
      (options.weight ?? 1) > 0 &&
      world.ledger.get(service, destination)?.zero === 'own'
    )
      world.ledger.set(service, destination, { zero: undefined });
}
