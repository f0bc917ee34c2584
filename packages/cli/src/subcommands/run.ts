/** One run of a word of our own: words, streams and environment in, an exit status out. */
import { readArguments } from './framework/arguments.js';
import type { Command } from './framework/command.js';
import { commandHelp, overview } from './help.js';
import { interruptionStatus } from './framework/interruption.js';
import type { CommandIo } from './framework/io.js';
import { UsageError } from './framework/usage-error.js';
import { HELP, SUBCOMMANDS } from './registry.js';

/** Runs one of the project's own words on what stands behind it, and gives the exit status. */
export async function runCommand(word: string, words: readonly string[], io: CommandIo): Promise<number> {
  if (word === HELP) return help(words, io);
  const command = await load(word);
  try {
    if (asksForHelp(words)) return await show(command, io);
    return await command.run(readArguments(words, command.options, command.operands), io);
  } catch (error) {
    if (io.signal.aborted) return interruptionStatus(io.signal.reason);
    await io.stderr.write(
      `${io.programName} ${word}: ${errorText(error, `${io.programName} help ${word}`)}\n`,
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

/** `-h` and `--help` help whatever stands beside them, up to `--`. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).some((each) => each === '-h' || each === '--help');
}

function load(word: string): Promise<Command> {
  const loader = SUBCOMMANDS[word];
  if (loader === undefined) throw new TypeError(`no command ${word}`);
  return loader();
}

/** What a person is told: the message, and where it is about the words, where to read on. A fault of ours keeps its stack. */
function errorText(error: unknown, more: string): string {
  if (error instanceof UsageError) return `${error.message}\n${more} tells more.`;
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
