/** The manual page, in mdoc. */
import { type Command, type CommandName, COMMANDS } from '../ipvsadm/language/commands.js';
import { type HelpSection, type Option, type OptionName, OPTIONS } from '../ipvsadm/language/options.js';
import { COMMAND_DESCRIPTIONS, type Description, OPTION_DESCRIPTIONS } from './descriptions.js';
import type { Subcommand } from '../subcommands/framework/subcommand.js';
import { subcommandsSection } from './man-subcommands.js';
import { END, INTRODUCTION } from './man-text.js';
import { optionsOf } from './vocabulary.js';

const SECTIONS: readonly (readonly [HelpSection, title: string])[] = [
  ['virtual-service', 'Naming the virtual service'],
  ['options', 'Options of commands'],
  ['daemon', 'Options of sync daemons'],
];

/** The page. */
export function manPage(subcommands: readonly Subcommand[]): string {
  const lines = [
    '.\\" Generated from the tables of commands and options.',
    ...INTRODUCTION,
    '.Sh COMMANDS',
    'The first option is the command.',
    ...list(COMMANDS.flatMap(commandItem)),
    '.Sh OPTIONS',
    ...SECTIONS.flatMap(([section, title]) => [
      `.Ss ${title}`,
      ...list(OPTIONS.filter((option) => option.section === section).flatMap(optionItem)),
    ]),
    ...subcommandsSection(subcommands),
    ...END,
  ];
  return (
    lines
      .flatMap(folded)
      // A terminal without UTF-8 cannot show an ellipsis.
      .map((line) => `${line.replaceAll('…', ' ...')}\n`)
      .join('')
  );
}

/** Bytes of a text for mandoc, which has `\\[u201C]` for a character beyond ASCII. */
function width(text: string): number {
  return text.length + 7 * (text.match(/[^\x20-\x7e]/g) ?? []).length;
}

/** Lines of text of at most 80 bytes. */
function folded(line: string): string[] {
  if (line.startsWith('.') || width(line) <= 80) return [line];
  let at = line.lastIndexOf(' ', 80);
  while (width(line.slice(0, at)) > 80) at = line.lastIndexOf(' ', at - 1);
  return [line.slice(0, at), ...folded(line.slice(at + 1))];
}

function list(items: readonly string[]): string[] {
  return ['.Bl -tag -width Ds', ...items, '.El'];
}

function commandItem(command: Command & { long: CommandName }): string[] {
  const { long, shorts, argument, operands = '' } = command;
  const states = argument === 'none' ? '' : ' Cm master | Cm backup';
  const options = optionsOf(command).map(({ long: name, short }) => `Fl ${short ?? flag(name)}`);
  return [
    `.It ${spelled(long, shorts)}${states}${operandWords(operands)}`,
    ...described(COMMAND_DESCRIPTIONS[long]),
    ...(options.length === 0 ? [] : ['.Pp', 'Options:', ...listed(options)]),
  ];
}

function optionItem(option: Option & { long: OptionName }): string[] {
  const { long, short, operand = '', argument, help } = option;
  const words = operandWords(operand.replaceAll(/[[\]]/g, ''));
  return [
    `.It ${spelled(long, short === undefined ? [] : [short])}${argument === 'optional' ? ` Op${words}` : words}`,
    ...described(OPTION_DESCRIPTIONS[long]),
    ...choices(help[0]),
  ];
}

function spelled(long: string, shorts: readonly string[]): string {
  return [...shorts, flag(long)].map((name) => `Fl ${name}`).join(' , ');
}

function operandWords(operands: string): string {
  const words = operands.split(' ').filter((word) => word !== '');
  return words.map((word) => ` Ar ${word}`).join('');
}

/** mdoc's `Fl` writes one dash of the two. */
function flag(long: string): string {
  return `\\-${long.replaceAll('-', '\\-')}`;
}

/** Each sentence begins on its own line. */
function described({ short, more }: Description): string[] {
  const text = more === undefined ? `${short}.` : `${short}. ${more}`;
  return text.split(/(?<=[.]) (?=[A-Z0-9])/);
}

/** The choices of an argument in the help text. */
function choices(help = ''): string[] {
  const words = /^one of ([^,]+),?$/.exec(help)?.[1]?.split('|');
  return words ? ['One of', ...listed(words.map((word) => `Cm ${word}`))] : [];
}

function listed(macros: readonly string[]): string[] {
  return macros.map((macro, at) => `.${macro}${at + 1 < macros.length ? ' ,' : ' .'}`);
}
