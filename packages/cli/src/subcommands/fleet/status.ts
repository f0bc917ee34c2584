/** `fleet status`. */
import type { FleetStatus } from '@ipvs-ts/agent';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { painted } from '../framework/paint.js';
import { visible } from '../framework/visible.js';
import { jsonText } from '../agent-client/command-json.js';
import { withFleet } from './store.js';

/** The most disagreements to show. */
const MOST = 20;

/** Shows the directors; 2 if not all follow the current document. */
export async function status(args: Arguments, io: SubcommandIo): Promise<number> {
  return withFleet(args, io, async ({ fleet }) => {
    const found = await fleet.status();
    await io.stdout.write(args.has('json') ? jsonText(found) : statusText(found, io.stdout.colour));
    return found.settled ? 0 : 2;
  });
}

/** The status as text. */
function statusText(
  { rollout, directors, disagreements, ordersDiffer }: FleetStatus,
  colour: boolean,
): string {
  const lines = [rolloutLine(rollout)];
  if (directors.length === 0) lines.push('no director has reported within 15 seconds');
  const width = Math.max(8, ...directors.map(({ id }) => id.length));
  if (directors.length > 0) lines.push(`${'DIRECTOR'.padEnd(width)}  DOCUMENT      VERSION   STATE`);
  for (const { id, revision, program, fit, doubt, obstacle, out } of directors) {
    const state = [
      fit ? painted('fit', 'green', colour) : painted('not fit', 'alarm', colour),
      ...(doubt ? ['in doubt'] : []),
      ...(revision === rollout?.current ? [] : ['follows another document']),
      ...outText(out),
      ...(obstacle === null ? [] : [visible(obstacle)]),
    ];
    lines.push(
      `${visible(id).padEnd(width)}  ${(revision ?? '-').padEnd(12)}  ${visible(program).padEnd(8)}  ${state.join('; ')}`,
    );
  }
  for (const { service, destination, states } of disagreements.slice(0, MOST)) {
    const views = Object.entries(states).map(([id, state]) => `${id}: ${state}`);
    lines.push(visible(`directors disagree on ${destination} of ${service}: ${views.join(', ')}`));
  }
  if (disagreements.length > MOST) lines.push(`and on ${disagreements.length - MOST} more`);
  if (ordersDiffer)
    lines.push(
      'directors have destinations in different orders: schedulers mh and sh send the same client to different ones',
    );
  return `${lines.join('\n')}\n`;
}

function rolloutLine(rollout: FleetStatus['rollout']): string {
  if (rollout === null) return 'there is no document yet; put one with: ipvs-ts fleet put -f FILE';
  const { current, candidate, canary, state, reason, history } = rollout;
  const [newest] = history;
  const by = newest === undefined ? '' : `, put ${newest.at} by ${visible(newest.by)}`;
  if (state === 'settled') return `document ${current} is in force${by}`;
  return state === 'baking'
    ? `document ${current} is in force; ${visible(canary ?? '')} tries ${candidate ?? ''}${by}`
    : `document ${current} is in force; ${candidate ?? ''} was stopped on ${visible(canary ?? '')}: ${visible(reason ?? '')}`;
}

function outText(out: FleetStatus['directors'][number]['out']): string[] {
  const count = Object.values(out).reduce((sum, each) => sum + Object.keys(each).length, 0);
  return count === 0 ? [] : [`${count} destination${count === 1 ? '' : 's'} not up`];
}
