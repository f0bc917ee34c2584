/** `fleet diff`. */
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { jsonText } from '../agent-client/command-json.js';
import { differencesFrom, differencesText, readDocument, withFleet } from './store.js';

/** Shows what a document would change; 2 if it differs. */
export async function diff(args: Arguments, io: SubcommandIo): Promise<number> {
  return withFleet(args, io, async (open) => {
    const { declared } = await readDocument(open, args, io);
    const current = await open.fleet.current();
    const differences = await differencesFrom(open, current, declared);
    await io.stdout.write(
      args.has('json')
        ? jsonText({ version: 1, current: current?.revision ?? null, differences })
        : differencesText(differences, io.stdout.colour),
    );
    return differences.length === 0 ? 0 : 2;
  });
}
