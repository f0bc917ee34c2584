/** A run of a subcommand: it takes arguments, streams and environment, and returns an exit status. */
import { nearest } from '@ipvs-ts/ipvs';
import { chosenAction } from './framework/actions.js';
import { readArguments } from './framework/arguments.js';
import type { Subcommand } from './framework/subcommand.js';
import { interruptionStatus } from './framework/interruption.js';
import { type Output, OutputError, type SubcommandIo } from './framework/io.js';
import { RecordedOutput } from './framework/recorded-output.js';
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
  const json = subcommand?.options['json'] !== undefined && args.includes('--json');
  const stdout = json ? new RecordedOutput(io.stdout) : undefined;
  try {
    if (subcommand === undefined) return await help(args, io);
    if (asksForHelp(args)) return await show(subcommand, io);
    return await run(subcommand, args, stdout === undefined ? io : withOutput(io, stdout));
  } catch (error) {
    if (io.signal.aborted) return interruptionStatus(io.signal.reason);
    if (stdout?.isUsed === false) await writeJson(stdout, error);
    const hint = error instanceof UsageError ? subcommand?.hint?.(args, io.programName) : undefined;
    const text = `${io.programName} ${name}: ${errorText(error, hint, `${io.programName} help ${name}`)}`;
    await io.stderr.write(`${fitted(visibleLines(clippedWords(text)), io)}\n`);
    return subcommand?.failure ?? HELP_FAILURE;
  }
}

async function run(subcommand: Subcommand, args: readonly string[], io: SubcommandIo): Promise<number> {
  const read = readArguments(args, subcommand.options, subcommand.operands);
  const action = chosenAction(subcommand, read);
  if (action !== undefined) return action.run(read, io);
  if (subcommand.run === undefined) throw new TypeError(`${subcommand.name} runs nothing without an action`);
  return subcommand.run(read, io);
}

/** The same with another standard output. */
function withOutput(io: SubcommandIo, stdout: Output): SubcommandIo {
  // A spread would read the getters.
  const properties = Object.getOwnPropertyDescriptors(io);
  return Object.defineProperties(
    {},
    { ...properties, stdout: { value: stdout, enumerable: true } },
  ) as SubcommandIo;
}

/** Prints an error as JSON for a program, which would find nothing otherwise. */
async function writeJson(stdout: Output, error: unknown): Promise<void> {
  const { errorJson, jsonText } = await import('./state/report.js');
  try {
    await stdout.write(jsonText({ error: errorJson(error) }));
  } catch (other) {
    // The error itself is reported on standard error.
    if (!(other instanceof OutputError)) throw other;
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
