/** Completion for bash. */
import type { SubcommandEntry } from './subcommands.js';
import { agentKeysFunction, keysFunction } from './live-keys.js';
import { type Choices, COMMAND_ENTRIES, type Entry, spellings } from './vocabulary.js';

/** The file that bash sources. */
export function bashCompletion(program: string, subcommands: readonly SubcommandEntry[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  const options = COMMAND_ENTRIES.flatMap((command) => [command, ...command.options]);
  return `# bash completion for ${program}. Generated from its tables of commands and options.

${name}_arguments() {
  # Sets \`words\` to what may follow the option $1; fails for an option without an argument.
  case $1 in
${cases(
  unique(options).filter(({ argument }) => argument && !argument.optional),
  argumentWords,
)}
  *) return 1 ;;
  esac
}

${name}_options() {
  # Sets \`words\` to the options of the command $1.
  case $1 in
${cases(COMMAND_ENTRIES, (command) => `words='${wordsOf(command.options)}'`)}
  *) words='${wordsOf(COMMAND_ENTRIES)}' ;;
  esac
}

${name}_subcommand() {
  # Sets \`words\` to what may follow $2 behind the subcommand $1, \`live\` to what of the table may, and \`keys\` to
  # the function that prints it; fails where $1 is
  # none.
  case "$1 $2" in
${subcommands.flatMap(argumentCases).join('\n')}
${subcommands.map((entry) => subcommandCase(entry, name)).join('\n')}
  *) return 1 ;;
  esac
}

${keysFunction(`${name}_keys`, program)}

${agentKeysFunction(`${name}_agent_keys`, program)}

${name}() {
  local words command word live keys service line
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if [[ -n $COMP_LINE ]]; then
    # Bash cuts words at colons, which keys are full of.
    read -ra line <<<"\${COMP_LINE:0:COMP_POINT}|"
    current=\${line[-1]%|} previous=\${line[-2]}
  else
    line=("\${COMP_WORDS[@]:0:COMP_CWORD+1}")
  fi
  if ((COMP_CWORD == 1)) && [[ $current != -* ]]; then
    words='${subcommands.map(({ name: each }) => each).join(' ')}'
  elif ((COMP_CWORD > 1)) && ${name}_subcommand "\${COMP_WORDS[1]}" "$previous"; then
    :
  elif ! ${name}_arguments "$previous"; then
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
      [[ $word == -* ]] && command=$word && break
    done
    ${name}_options "$command"
  fi
  if [[ -n $live && $current != -* ]]; then
    if [[ $live == destinations ]]; then
      for word in "\${line[@]:2:\${#line[@]}-3}"; do
        [[ $word == *:* ]] && service=$word && break
      done
    fi
    words+=" $("\${keys:-${name}_keys}" "$service")"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $COMP_LINE && $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    # What stands before the last colon is on the line already.
    COMPREPLY=("\${COMPREPLY[@]#"\${current%"\${current##*:}"}"}")
  fi
}

complete -F ${name} ${program}
`;
}

function cases<E extends Entry>(entries: readonly E[], action: (entry: E) => string): string {
  return entries.map((entry) => `  ${spellings(entry).join(' | ')}) ${action(entry)} ;;`).join('\n');
}

/** The arguments of the options of a subcommand. */
function argumentCases({ name, options }: SubcommandEntry): string[] {
  return options
    .filter(({ argument }) => argument)
    .map(
      (option) =>
        `  ${spellings(option)
          .map((each) => `'${name} ${each}'`)
          .join(' | ')}) ${argumentWords(option)} ;;`,
    );
}

function subcommandCase(
  { name, options, operands = [], live, ofAgent }: SubcommandEntry,
  prefix: string,
): string {
  const words = `words='${[...operands, ...options.flatMap(spellings)].join(' ')}'`;
  return `  '${name} '*) ${words}${live === undefined ? '' : ` live=${live}`}${ofAgent ? ` keys=${prefix}_agent_keys` : ''} ;;`;
}

function argumentWords({ argument }: Entry): string {
  const choices: Choices = argument?.choices;
  if (choices === 'file') return 'words=$(compgen -f -- "$current")';
  if (choices === 'interface') return "words=$(cd /sys/class/net 2>/dev/null && printf '%s\\n' *)";
  return `words='${(choices ?? []).join(' ')}'`;
}

function wordsOf(entries: readonly Entry[]): string {
  return entries.flatMap(spellings).join(' ');
}

function unique(entries: readonly Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.long, entry])).values()];
}
