/** Completion for fish. */
import type { SubcommandEntry } from './subcommands.js';
import { fishAgentKeysFunction, fishKeysFunction } from './live-keys.js';
import { COMMAND_ENTRIES, type CommandEntry, type Entry, spellings } from './vocabulary.js';

/** The file that fish loads. */
export function fishCompletion(program: string, subcommands: readonly SubcommandEntry[]): string {
  const behind = `__fish_${program.replaceAll('-', '_')}_subcommand`;
  const seen = `__fish_${program.replaceAll('-', '_')}_command`;
  const prefix = `__fish_${program.replaceAll('-', '_')}`;
  const [keys, agentKeys] = [`${prefix}_keys`, `${prefix}_agent_keys`];
  const lines = COMMAND_ENTRIES.flatMap((command) => commandLines(program, seen, command));
  return `# fish completion for ${program}. Generated from its tables of commands and options.

function ${seen} --description 'Whether the command, the first option, is one of the arguments, or there is none'
    string match -qr -- '^[^-]' (commandline -opc)[2]
    and return 1
    for word in (commandline -opc)[2..]
        if string match -q -- '-*' $word
            contains -- $word $argv
            return
        end
    end
    not count $argv >/dev/null
end

function ${behind} --description 'Whether the first word is the argument, or there is none yet'
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

${fishKeysFunction(keys, program)}

${fishAgentKeysFunction(agentKeys, program)}

${[keys, agentKeys].map(nextFunction).join('\n\n')}

complete -c ${program} -f
${subcommands.flatMap((entry) => subcommandLines(program, behind, entry.ofAgent ? agentKeys : keys, entry)).join('\n')}
${lines.join('\n')}
`;
}

function nextFunction(keys: string): string {
  return `function ${keys}_next --description 'Services or, behind one, its destinations'
    ${keys} (string match -- '*:*' (commandline -opc)[3..])[1]
end`;
}

function commandLines(program: string, seen: string, command: CommandEntry): string[] {
  const under = `'${seen} ${spellings(command).join(' ')}'`;
  const line = (condition: string, entry: Entry): string =>
    [
      `complete -c ${program} -n ${condition}`,
      ...names(entry),
      ...argument(entry),
      '-d',
      quoted(entry.description),
    ].join(' ');
  return [line(seen, command), ...command.options.map((option) => line(under, option))];
}

function subcommandLines(
  program: string,
  behind: string,
  keys: string,
  { name, description, options, operands, live }: SubcommandEntry,
): string[] {
  const line = (...words: string[]): string => [`complete -c ${program} -n`, ...words].join(' ');
  const under = `'${behind} ${name}'`;
  return [
    line(`'${behind}'`, '-a', name, '-d', quoted(description)),
    ...(operands === undefined ? [] : [line(under, '-a', `'${operands.join(' ')}'`)]),
    ...(live === undefined ? [] : [line(under, '-a', `'(${keys}${live === 'services' ? '' : '_next'})'`)]),
    ...options.map((option) =>
      line(under, ...names(option), ...argument(option), '-d', quoted(option.description)),
    ),
  ];
}

function names({ long, shorts }: Entry): string[] {
  return [...shorts.map((letter) => `-s ${letter}`), `-l ${long}`];
}

function argument({ argument: taken }: Entry): string[] {
  // fish supports required arguments and those after an equals sign, but not optional ones in the next word.
  if (!taken || taken.optional) return [];
  if (taken.choices === undefined) return ['-x'];
  if (taken.choices === 'file') return ['-r', '-F'];
  const words = taken.choices === 'interface' ? '(__fish_print_interfaces)' : taken.choices.join(' ');
  return ['-x', '-a', `'${words}'`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
