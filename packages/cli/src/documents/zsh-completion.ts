/** Completion for zsh. */
import { COMMAND_ENTRIES, type CommandEntry, type Entry, spellings } from './vocabulary.js';

/** The file that zsh loads. */
export function zshCompletion(program: string): string {
  return `#compdef ${program}
# zsh completion for ${program}. Generated from its tables of commands and options.

local command=\${\${(M)words[2,CURRENT-1]:#-*}[1]}
local -a commands
commands=(
${COMMAND_ENTRIES.flatMap((entry) => spellings(entry).map((word) => `  ${quoted(`${word}:${escaped(entry.description)}`)}`)).join('\n')}
)

case \${command%%=*} in
${COMMAND_ENTRIES.map(commandCase).join('\n')}
*) _describe -o command commands ;;
esac
`;
}

function commandCase(command: CommandEntry): string {
  const lines = [command, ...command.options].map((entry) => `    ${specification(entry)}`);
  return `${spellings(command).join('|')})\n  _arguments \\\n${lines.join(' \\\n')}\n  ;;`;
}

function specification(entry: Entry): string {
  const words = spellings(entry);
  const tail = quoted(`[${escaped(entry.description)}]${argument(entry)}`);
  // Each spelling excludes the others.
  return words.length === 1
    ? `${words.join('')}${tail}`
    : `'(${words.join(' ')})'{${words.join(',')}}${tail}`;
}

function argument({ argument: taken, long }: Entry): string {
  if (!taken) return '';
  const { choices, optional } = taken;
  const action = choices === 'interface' ? '_net_interfaces' : choices ? `(${choices.join(' ')})` : ' ';
  return `${optional ? '::' : ':'}${long}:${action}`;
}

function escaped(text: string): string {
  return text.replaceAll(/([:[\]\\])/g, '\\$1');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
