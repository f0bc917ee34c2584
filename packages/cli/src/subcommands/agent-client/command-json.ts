/** JSON output of the commands that send requests to an agent, including errors. */
import type { Arguments } from '../framework/arguments.js';
import type { Action } from '../framework/subcommand.js';
import type { SubcommandIo } from '../framework/io.js';
import { NoAgentError } from './agent-client.js';
import { withInstallHint } from './agent-socket.js';

/** A value as JSON text with its end of line. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Runs `work`. With `--json`, its errors are also printed as JSON. Errors of a missing package say what to install. */
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

/** An action whose errors are also printed as JSON with `--json`. `operands`: those after its name. */
export function askedAction(
  run: (args: Arguments, io: SubcommandIo) => Promise<number>,
  operands: readonly string[] = [],
): Action {
  return { operands, run: (args, io) => asked(args, io, () => run(args, io)) };
}
