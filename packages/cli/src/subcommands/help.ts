/** The help texts of subcommands, from their records. */
import { HELP_OPTION } from './framework/arguments.js';
import type { Subcommand } from './framework/subcommand.js';
import type { SubcommandOption } from './framework/subcommand-option.js';
import { wrapped } from './framework/wrap.js';

/** The longest line, even on a wider terminal. */
const WIDEST = 79;
const INDENT = 2;
/** If less than this is left beside a name, its text begins on the next line. */
const NARROW = 24;

/** The help text of one subcommand, in lines of at most `columns`. */
export function subcommandHelp(subcommand: Subcommand, program: string, columns = WIDEST): string {
  const width = Math.min(columns, WIDEST);
  const options = Object.entries({ ...subcommand.options, help: HELP_OPTION });
  const usage = ['Usage:', program, subcommand.name, '[OPTION…]', ...subcommand.operands];
  return [
    ...wrapped(usage.join(' '), width),
    '',
    ...wrapped(`${upperFirst(subcommand.summary)}.`, width),
    ...subcommand.description.flatMap((paragraph) => ['', ...wrapped(paragraph, width)]),
    '',
    'Options:',
    ...rows(
      options.map(([name, option]) => [spelled(name, option), optionText(option)]),
      width,
    ),
    '',
    'Exit status:',
    ...rows(Object.entries(subcommand.statuses), width),
    '',
  ].join('\n');
}

/** The list of subcommands. */
export function overview(subcommands: readonly Subcommand[], program: string, columns = WIDEST): string {
  const width = Math.min(columns, WIDEST);
  return [
    `Usage: ${program} COMMAND…`,
    `       ${program} [ipvsadm's options]`,
    '',
    ...wrapped(
      `A first argument without a dash is one of the commands below; everything else is ipvsadm's language (${program} -h).`,
      width,
    ),
    '',
    'Commands:',
    ...rows(
      subcommands.map(({ name, summary }) => [name, summary]),
      width,
    ),
    '',
    ...wrapped(`${program} help COMMAND explains a command.`, width),
    '',
  ].join('\n');
}

function spelled(name: string, { short, value }: SubcommandOption): string {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return short === undefined ? `    ${long}` : `-${short}, ${long}`;
}

function optionText({ help, choices }: SubcommandOption): string {
  return choices === undefined ? help : `${help}: ${choices.join(', ')}`;
}

function rows(all: readonly (readonly [left: string, right: string])[], width: number): string[] {
  const left = Math.max(...all.map(([text]) => text.length)) + INDENT + 2;
  const below = width - left < NARROW;
  return all.flatMap(([text, right]) => {
    const name = `${' '.repeat(INDENT)}${text}`;
    if (below) return [name, ...wrapped(right, width, INDENT + 4)];
    const [first = '', ...rest] = wrapped(right, width, left);
    return [name.padEnd(left) + first.trimStart(), ...rest];
  });
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
