/** JSON of the commands that ask an agent: what goes wrong is JSON too. */
import type { Arguments } from '../framework/arguments.js';
import type { Action } from '../framework/subcommand.js';
import type { SubcommandIo } from '../framework/io.js';
import { NoAgentError } from './agent-client.js';
import { withInstallHint } from './agent-socket.js';

/** A value as JSON text with its end of line. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Runs `work`. What it throws is printed as JSON too where JSON is wanted, and names what to install if that is it. */
export async function asked(args: Arguments, io: SubcommandIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (thrown) {
    if (io.signal.aborted) throw thrown;
    const error = thrown instanceof NoAgentError ? await withInstallHint(thrown) : thrown;
    if (args.has('json')) {
      const { code, message } = error as { readonly code?: string; readonly message?: string };
      await io.stdout.write(
        jsonText({ version: 1, error: { ...(code !== undefined && { code }), message } }),
      );
    }
    throw error;
  }
}

/** An action whose errors are JSON too where JSON is wanted. `operands`: those behind its name. */
export function askedAction(
  run: (args: Arguments, io: SubcommandIo) => Promise<number>,
  operands: readonly string[] = [],
): Action {
  return { operands, run: (args, io) => asked(args, io, () => run(args, io)) };
}
