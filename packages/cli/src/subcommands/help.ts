/** The help texts of subcommands, from their records. */
import { HELP_OPTION } from './framework/arguments.js';
import type { Command } from './framework/command.js';
import type { CommandOption } from './framework/command-option.js';

const WIDTH = 80;
const INDENT = '  ';

/** The help text of one command. */
export function commandHelp(command: Command, program: string): string {
  const options = Object.entries({ ...command.options, help: HELP_OPTION });
  const usage = [program, command.name, '[OPTION…]', ...command.operands];
  return [
    `Usage: ${usage.join(' ')}`,
    '',
    ...wrap(`${upperFirst(command.summary)}.`, ''),
    ...command.description.flatMap((paragraph) => ['', ...wrap(paragraph, '')]),
    '',
    'Options:',
    ...columns(options.map(([name, option]) => [spelled(name, option), optionText(option)])),
    '',
    'Exit status:',
    ...columns(Object.entries(command.statuses)),
    '',
  ].join('\n');
}

/** The list of subcommands. */
export function overview(commands: readonly Command[], program: string): string {
  return [
    `Usage: ${program} COMMAND…`,
    `       ${program} [ipvsadm's options]`,
    '',
    ...wrap(
      `A first word without a dash is one of the commands below; everything else is ipvsadm's language (${program} -h).`,
      '',
    ),
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    `${program} help COMMAND explains a command.`,
    '',
  ].join('\n');
}

function spelled(name: string, { short, value }: CommandOption): string {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return short === undefined ? `    ${long}` : `-${short}, ${long}`;
}

function optionText({ help, choices }: CommandOption): string {
  return choices === undefined ? help : `${help}: ${choices.join(', ')}`;
}

function columns(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const left = Math.max(...rows.map(([text]) => text.length)) + INDENT.length + 2;
  return rows.flatMap(([text, right]) => {
    const [first = '', ...rest] = wrap(right, ' '.repeat(left));
    return [`${INDENT}${text}`.padEnd(left) + first.trimStart(), ...rest];
  });
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length >= WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
