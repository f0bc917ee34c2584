/** `fleet rollback`. */
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { jsonText } from '../agent-client/command-json.js';
import { agrees, author, withFleet } from './store.js';

/** Puts an earlier document into force. */
export async function rollback(args: Arguments, io: SubcommandIo): Promise<number> {
  const [, revision] = args.operands;
  return withFleet(args, io, async ({ fleet }) => {
    const before = await fleet.rollout();
    if (before !== undefined && !args.has('yes') && !args.has('json'))
      for (const { revision: past, at, by } of before.history)
        await io.stdout.write(`${past === before.current ? '*' : ' '} ${past}  ${at}  ${by}\n`);
    const what = revision === undefined ? 'the document before' : `document ${revision}`;
    if (!(await agrees(`Put ${what} into force?`, args, io))) return 1;
    const { current } = await fleet.rollback(revision, { by: author(io), at: new Date().toISOString() });
    await io.stdout.write(
      args.has('json')
        ? jsonText({ version: 1, revision: current, outcome: 'current' })
        : `document ${current} is in force\n`,
    );
    return 0;
  });
}
