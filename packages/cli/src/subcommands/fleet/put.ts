/** `fleet put`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet, Rollout } from '@ipvs-ts/agent';
import type { Arguments } from '../framework/arguments.js';
import { parseDuration } from '../framework/duration.js';
import type { SubcommandIo } from '../framework/io.js';
import { UsageError } from '../framework/usage-error.js';
import { jsonText } from '../agent-client/command-json.js';
import { agrees, author, differencesFrom, differencesText, readDocument, withFleet } from './store.js';

/** Milliseconds between two checks of a candidate. */
const LOOK = 1000;

/** Puts a document into force; with a canary, waits for the result. */
export async function put(args: Arguments, io: SubcommandIo): Promise<number> {
  const canary = args.value('canary');
  const bake = args.value('bake');
  if (bake !== undefined && canary === undefined) throw new UsageError('--bake needs --canary ID');
  const options = {
    allowRemovals: args.has('allow-removals'),
    canary,
    ...(bake !== undefined && { bake: parseDuration('--bake', bake, 0) }),
  };
  return withFleet(args, io, async (open) => {
    const { text, file, declared } = await readDocument(open, args, io);
    const current = await open.fleet.current();
    const differences = await differencesFrom(open, current, declared);
    if (current?.text === text && (await open.fleet.rollout())?.state === 'settled') {
      await io.stdout.write(
        args.has('json')
          ? jsonText({ version: 1, revision: current.revision, differences: [], outcome: 'unchanged' })
          : differencesText([], io.stdout.colour),
      );
      return 0;
    }
    if (!args.has('json')) await io.stdout.write(differencesText(differences, io.stdout.colour));
    if (!(await agrees('Put it into force?', args, io))) return 1;
    const rollout = await open.fleet.put(text, {
      ...options,
      file,
      by: author(io),
      at: new Date().toISOString(),
      maxRemoval: open.maxRemoval,
      replaces: current?.revision ?? null,
    });
    return report(open.fleet, rollout, differences, args, io);
  });
}

async function report(
  fleet: Fleet,
  rollout: Rollout,
  differences: readonly object[],
  args: Arguments,
  io: SubcommandIo,
): Promise<number> {
  const revision = rollout.candidate ?? rollout.current;
  if (rollout.state === 'baking') {
    await io.stderr.write(
      `${rollout.canary ?? ''} tries document ${revision}; the others follow if it does well, also if this command ends\n`,
    );
    return waitFor(fleet, revision, differences, args, io);
  }
  await end(revision, 'current', undefined, differences, args, io);
  return 0;
}

async function waitFor(
  fleet: Fleet,
  revision: string,
  differences: readonly object[],
  args: Arguments,
  io: SubcommandIo,
): Promise<number> {
  for (;;) {
    await sleep(LOOK, undefined, { signal: io.signal });
    const rollout = await fleet.rollout();
    if (rollout?.candidate === revision && rollout.state === 'baking') continue;
    const isCurrent = rollout?.current === revision;
    const reason = isCurrent ? undefined : (rollout?.reason ?? 'another document was put');
    await end(revision, isCurrent ? 'current' : 'stopped', reason, differences, args, io);
    return isCurrent ? 0 : 1;
  }
}

async function end(
  revision: string,
  outcome: 'current' | 'stopped',
  reason: string | undefined,
  differences: readonly object[],
  args: Arguments,
  io: SubcommandIo,
): Promise<void> {
  if (args.has('json'))
    await io.stdout.write(jsonText({ version: 1, revision, differences, outcome, reason: reason ?? null }));
  else if (outcome === 'current') await io.stdout.write(`document ${revision} is in force\n`);
  else await io.stderr.write(`document ${revision} is not in force: ${reason ?? ''}\n`);
}
