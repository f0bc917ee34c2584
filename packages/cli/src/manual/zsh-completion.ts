/** Completion for zsh. */
import type { SubcommandEntry } from './subcommands.js';
import { agentKeysFunction, keysFunction, type LiveOperands } from './live-keys.js';
import { COMMAND_ENTRIES, type CommandEntry, type Entry, spellings } from './vocabulary.js';

/** zsh's own completion functions. */
const FUNCTIONS = { interface: '_net_interfaces', file: '_files' } as const;

/** The file that zsh loads. */
export function zshCompletion(program: string, subcommands: readonly SubcommandEntry[]): string {
  return `#compdef ${program}
# zsh completion for ${program}. Generated from its tables of commands and options.

${keysFunction(keysName(program), program)}

${agentKeysFunction(agentKeysName(program), program)}

local command=\${\${(M)words[2,CURRENT-1]:#-*}[1]}
local -a commands subcommands
subcommands=(
${subcommands.map(({ name, description }) => `  ${quoted(`${name}:${escaped(description)}`)}`).join('\n')}
)
if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
  _describe command subcommands
  return
fi
case $words[2] in
${subcommands.map((entry) => subcommandCase(entry, entry.ofAgent ? agentKeysName(program) : keysName(program))).join('\n')}
esac
commands=(
${COMMAND_ENTRIES.flatMap((entry) => spellings(entry).map((word) => `  ${quoted(`${word}:${escaped(entry.description)}`)}`)).join('\n')}
)

case \${command%%=*} in
${COMMAND_ENTRIES.map(commandCase).join('\n')}
*) _describe -o command commands ;;
esac
`;
}

/** After a subcommand the line continues as if that were the program. */
function subcommandCase({ name, options, operands, live }: SubcommandEntry, keys: string): string {
  const lines = options.map((entry) => `    ${specification(entry)}`);
  if (operands !== undefined) lines.push(`    ${quoted(`1:command:(${operands.join(' ')})`)}`);
  if (live !== undefined) lines.push(...liveSpecifications(live, keys, operands === undefined ? 1 : 2));
  return `${name})\n  shift words\n  ((CURRENT--))\n  _arguments \\\n${lines.join(' \\\n')}\n  return\n  ;;`;
}

function agentKeysName(program: string): string {
  return `_${program.replaceAll('-', '_')}_agent_keys`;
}

function keysName(program: string): string {
  return `_${program.replaceAll('-', '_')}_keys`;
}

/** Operands from the table; a destination's service is the first word with a colon. */
function liveSpecifications(live: LiveOperands, keys: string, first: number): string[] {
  const from = (what: string): string => `{compadd -- \${(f)"$(${keys}${what})"}}`;
  if (live === 'services') return [`    ${quoted(`*:service:${from('')}`)}`];
  const service = ' \${\${(M)words[2,-1]:#*:*}[1]}';
  return [
    `    ${quoted(`${first}:service:${from('')}`)}`,
    `    ${quoted(`${first + 1}:destination:${from(service)}`)}`,
  ];
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
  const action = typeof choices === 'string' ? FUNCTIONS[choices] : choices ? `(${choices.join(' ')})` : ' ';
  return `${optional ? '::' : ':'}${long}:${action}`;
}

function escaped(text: string): string {
  return text.replaceAll(/([:[\]\\])/g, '\\$1');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
