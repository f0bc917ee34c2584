/** The section of the manual page about subcommands. */
import { HELP_OPTION } from '../subcommands/framework/arguments.js';
import type { Subcommand } from '../subcommands/framework/subcommand.js';
import type { SubcommandOption } from '../subcommands/framework/subcommand-option.js';

/** The section, in mdoc, from the records. */
export function subcommandsSection(subcommands: readonly Subcommand[]): string[] {
  return [
    '.Sh COMMANDS BEYOND IPVSADM',
    'A first word without a dash is one of these.',
    'Their options may stand anywhere behind them.',
    ...subcommands.flatMap(subcommandLines),
  ];
}

function subcommandLines({ name, operands, summary, description, options, statuses }: Subcommand): string[] {
  const operandText = operands.map((operand) => ` Ar ${operand.replaceAll(/[[\]]/g, '')}`).join('');
  return [
    `.Ss ${name}`,
    `.Cm ${name} Op Ar option ...${operandText}`,
    ...['', ...description].flatMap((paragraph) => [
      '.Pp',
      ...sentences(paragraph === '' ? `${upperFirst(summary)}.` : paragraph),
    ]),
    '.Bl -tag -width Ds',
    ...Object.entries({ ...options, help: HELP_OPTION }).flatMap(optionLines),
    '.El',
    '.Pp',
    'Exit statuses:',
    '.Bl -tag -width Ds -compact',
    ...Object.entries(statuses).flatMap(([status, meaning]) => [
      `.It ${status}`,
      ...sentences(`${upperFirst(meaning)}.`),
    ]),
    '.El',
  ];
}

function optionLines([name, { short, value, choices, help }]: [string, SubcommandOption]): string[] {
  const long = `Fl \\-${name.replaceAll('-', '\\-')}`;
  const names = short === undefined ? long : `Fl ${short} , ${long}`;
  const argument = value === undefined ? '' : ` Ar ${value}`;
  const oneOf = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
  return [`.It ${names}${argument}`, ...sentences(`${upperFirst(help)}.${oneOf}`)];
}

/** Each sentence begins on its own line; dashes before options are not hyphens. */
function sentences(text: string): string[] {
  return text
    .replaceAll('’', "'")
    .replaceAll('…', '...')
    .replaceAll('\\', '\\e')
    .replaceAll(/(?<=^|[ (])--?(?=[\w ,;:]|$)/g, (dashes) => dashes.replaceAll('-', '\\-'))
    .split(/(?<=[.]) (?=[A-Z0-9])/)
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line));
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
