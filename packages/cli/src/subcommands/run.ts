/** A run of a subcommand: it takes arguments, streams and environment, and returns an exit status. */
import { nearest } from '@ipvs-ts/ipvs';
import { chosenAction } from './framework/actions.js';
import { type Arguments, readArguments } from './framework/arguments.js';
import type { Action, Subcommand } from './framework/subcommand.js';
import { interruptionStatus } from './framework/interruption.js';
import type { SubcommandIo } from './framework/io.js';
import { UsageError } from './framework/usage-error.js';
import { clippedWords, visibleLines } from './framework/visible.js';
import { wrapped } from './framework/wrap.js';
import { subcommandHelp, overview } from './help.js';
import { HELP, SUBCOMMANDS } from './registry.js';

/** The exit status of `help` when it fails. */
const HELP_FAILURE = 1;

/** Runs a subcommand on its arguments, and returns the exit status. */
export async function runSubcommand(
  name: string,
  args: readonly string[],
  io: SubcommandIo,
): Promise<number> {
  const subcommand = name === HELP ? undefined : await load(name);
  try {
    if (subcommand === undefined) return await help(args, io);
    if (asksForHelp(args)) return await show(subcommand, io);
    const { read, action } = await readOrReport(subcommand, args, io);
    if (action !== undefined) return await action.run(read, io);
    if (subcommand.run === undefined) throw new TypeError(`${name} runs nothing without an action`);
    return await subcommand.run(read, io);
  } catch (error) {
    if (io.signal.aborted) return interruptionStatus(io.signal.reason);
    const hint = error instanceof UsageError ? subcommand?.hint?.(args, io.programName) : undefined;
    const text = `${io.programName} ${name}: ${errorText(error, hint, `${io.programName} help ${name}`)}`;
    await io.stderr.write(`${fitted(visibleLines(clippedWords(text)), io)}\n`);
    return subcommand?.failure ?? HELP_FAILURE;
  }
}

/** Reads the arguments and the action. With `--json`, mistakes in them are also printed as JSON. */
async function readOrReport(
  subcommand: Subcommand,
  args: readonly string[],
  io: SubcommandIo,
): Promise<{ readonly read: Arguments; readonly action: Action | undefined }> {
  try {
    const read = readArguments(args, subcommand.options, subcommand.operands);
    return { read, action: chosenAction(subcommand, read) };
  } catch (error) {
    if (subcommand.options['json'] !== undefined && args.includes('--json') && error instanceof UsageError)
      await io.stdout.write(`${JSON.stringify({ error: { message: error.message } }, undefined, 2)}\n`);
    throw error;
  }
}

async function help(args: readonly string[], io: SubcommandIo): Promise<number> {
  const [name, ...rest] = args.filter((each) => each !== '-h' && each !== '--help');
  if (name === undefined || (name === HELP && rest.length === 0)) {
    const subcommands = await Promise.all(Object.values(SUBCOMMANDS).map((each) => each()));
    await io.stdout.write(overview(subcommands, io.programName, columns(io)));
    return 0;
  }
  if (Object.hasOwn(SUBCOMMANDS, name) && rest.length === 0) return show(await load(name), io);
  const close = rest.length === 0 ? nearest(name, Object.keys(SUBCOMMANDS)) : undefined;
  const known = Object.keys(SUBCOMMANDS).join(', ');
  throw Object.assign(
    new Error(
      `no command ${JSON.stringify([name, ...rest].join(' '))}; ` +
        (close === undefined ? `there are ${known}` : `did you mean ${close}?`),
    ),
    { code: 'ERR_COMMAND' },
  );
}

async function show(subcommand: Subcommand, io: SubcommandIo): Promise<number> {
  await io.stdout.write(subcommandHelp(subcommand, io.programName, columns(io)));
  return 0;
}

/** The width of help: that of the terminal, or the usual one. */
function columns({ stdout }: SubcommandIo): number | undefined {
  return stdout.terminal ? stdout.columns() : undefined;
}

/** Wraps text at words on a narrow terminal. */
function fitted(text: string, { stderr }: SubcommandIo): string {
  if (!stderr.terminal) return text;
  const width = stderr.columns();
  const fit = (line: string): string[] => (line.length <= width ? [line] : wrapped(line, width));
  return text.split('\n').flatMap(fit).join('\n');
}

/** `-h` and `--help` before `--` are effective with any other arguments. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((each) => each === '-h' || each === '--help');
}

function load(name: string): Promise<Subcommand> {
  const loader = SUBCOMMANDS[name];
  if (loader === undefined) throw new TypeError(`no subcommand ${name}`);
  return loader();
}

/** The text of an error: its message and, for mistakes in arguments, where to find help. A bug keeps its stack. */
function errorText(error: unknown, hint: string | undefined, more: string): string {
  if (error instanceof UsageError)
    return [error.message, ...(hint === undefined ? [] : [hint]), `${more} explains the options.`].join('\n');
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
