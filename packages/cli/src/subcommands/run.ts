/** One run of a subcommand: arguments, streams and environment in, an exit status out. */
import { readArguments } from './framework/arguments.js';
import type { Command } from './framework/command.js';
import { commandHelp, overview } from './help.js';
import { interruptionStatus } from './framework/interruption.js';
import type { CommandIo } from './framework/io.js';
import { UsageError } from './framework/usage-error.js';
import { HELP, SUBCOMMANDS } from './registry.js';

/** Runs a subcommand on its arguments, and returns the exit status. */
export async function runCommand(name: string, args: readonly string[], io: CommandIo): Promise<number> {
  if (name === HELP) return help(args, io);
  const command = await load(name);
  try {
    if (asksForHelp(args)) return await show(command, io);
    return await command.run(readArguments(args, command.options, command.operands), io);
  } catch (error) {
    if (io.signal.aborted) return interruptionStatus(io.signal.reason);
    await io.stderr.write(
      `${io.programName} ${name}: ${errorText(error, `${io.programName} help ${name}`)}\n`,
    );
    return command.failure;
  }
}

async function help([word, ...rest]: readonly string[], io: CommandIo): Promise<number> {
  if (word === undefined) {
    const commands = await Promise.all(Object.values(SUBCOMMANDS).map((each) => each()));
    await io.stdout.write(overview(commands, io.programName));
    return 0;
  }
  if (Object.hasOwn(SUBCOMMANDS, word) && rest.length === 0) return show(await load(word), io);
  const known = Object.keys(SUBCOMMANDS).join(', ');
  await io.stderr.write(
    `${io.programName} help: no command ${JSON.stringify([word, ...rest].join(' '))}; there are ${known}\n`,
  );
  return 1;
}

async function show(command: Command, io: CommandIo): Promise<number> {
  await io.stdout.write(commandHelp(command, io.programName));
  return 0;
}

/** `-h` and `--help` count whatever stands beside them, up to `--`. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((each) => each === '-h' || each === '--help');
}

function load(name: string): Promise<Command> {
  const loader = SUBCOMMANDS[name];
  if (loader === undefined) throw new TypeError(`no subcommand ${name}`);
  return loader();
}

/** What is printed of an error: its message and, if it is about the arguments, where to read on. A bug keeps its stack. */
function errorText(error: unknown, more: string): string {
  if (error instanceof UsageError) return `${error.message}\n${more} explains the options.`;
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
