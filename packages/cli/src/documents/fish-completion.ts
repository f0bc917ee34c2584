/** Completion for fish. */
import { COMMAND_ENTRIES, type CommandEntry, type Entry, spellings } from './vocabulary.js';

/** The file that fish loads. */
export function fishCompletion(program: string): string {
  const seen = `__fish_${program.replaceAll('-', '_')}_command`;
  const lines = COMMAND_ENTRIES.flatMap((command) => commandLines(program, seen, command));
  return `# fish completion for ${program}. Generated from its tables of commands and options.

function ${seen} --description 'Whether the command, the first option, is one of the words given, or none is given'
    for word in (commandline -opc)[2..]
        if string match -q -- '-*' $word
            contains -- $word $argv
            return
        end
    end
    not count $argv >/dev/null
end

complete -c ${program} -f
${lines.join('\n')}
`;
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

function names({ long, shorts }: Entry): string[] {
  return [...shorts.map((letter) => `-s ${letter}`), `-l ${long}`];
}

function argument({ argument: taken }: Entry): string[] {
  // fish knows arguments that are needed and such as follow an equals sign, but none that may be the next word.
  if (!taken || taken.optional) return [];
  if (taken.choices === undefined) return ['-x'];
  const words = taken.choices === 'interface' ? '(__fish_print_interfaces)' : taken.choices.join(' ');
  return ['-x', '-a', `'${words}'`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
