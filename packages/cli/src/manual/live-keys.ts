/** Completion of services and destinations from the current table: a shell function that reads the rules of `-S`. */
import { PROTOCOL_OPTIONS } from '@ipvs-ts/ipvs/verbs-sync';

/** Which operands of a subcommand are names in the table. */
export type LiveOperands = 'services' | 'destinations';

/** The function `name` for bash and zsh: prints services or, with a service as its argument, the destinations of that. */
export function keysFunction(name: string, program: string): string {
  const protocols = Object.entries(PROTOCOL_OPTIONS);
  return `${name}() {
  # Prints the services of the table or, for the service $1, its destinations.
  local verb option service rest key
  ${program} -Sn 2>/dev/null | while read -r verb option service rest; do
    case $option in
${protocols.map(([protocol, option]) => `    ${option}) key=${protocol}:$service ;;`).join('\n')}
    -f)
      key=fwmark:$service
      [[ $rest == '-6 '* ]] && key=fwmark6:$service
      ;;
    esac
    if [[ $verb == -A && -z $1 ]]; then
      echo "$key"
    elif [[ $verb == -a && $1 == "$key" ]]; then
      rest=\${rest#*-r }
      echo "\${rest%% *}"
    fi
  done
}`;
}

/**
 * The function `name` for bash and zsh: the same from a running agent; `status` shows the table if there is none. Every
 * name is on its own line of the JSON.
 */
export function agentKeysFunction(name: string, program: string): string {
  return `${name}() {
  # Prints the services of the agent or, for the service $1, its destinations.
  local line service
  ${program} status --json 2>/dev/null | while IFS= read -r line; do
    case $line in
    *'"service": "'*)
      service=\${line#*'"service": "'} service=\${service%%'"'*}
      [[ -z $1 ]] && echo "$service"
      ;;
    *'"destination": "'*)
      line=\${line#*'"destination": "'}
      line=\${line%%'"'*}
      [[ -n $1 && $1 == "$service" ]] && echo "$line"
      ;;
    esac
  done
}`;
}

/** The same for fish. */
export function fishAgentKeysFunction(name: string, program: string): string {
  return `function ${name} --description 'Services of the agent or, for the service in the argument, its destinations'
    set -l service
    for line in (${program} status --json 2>/dev/null)
        if set -l key (string match -r '"service": "([^"]*)"' -- $line)
            set service $key[2]
            not count $argv >/dev/null
            and echo $service
        else if set -l key (string match -r '"destination": "([^"]*)"' -- $line)
            test "$argv[1]" = "$service"
            and echo $key[2]
        end
    end
end`;
}

/** The function of {@link keysFunction} for fish. */
export function fishKeysFunction(name: string, program: string): string {
  const protocols = Object.entries(PROTOCOL_OPTIONS);
  return `function ${name} --description 'Services of the table or, for the service in the argument, its destinations'
    for rule in (${program} -Sn 2>/dev/null)
        set -l part (string split ' ' -- $rule)
        set -l key
        switch "$part[2]"
${protocols.map(([protocol, option]) => `            case ${option}\n                set key ${protocol}:$part[3]`).join('\n')}
            case -f
                set key fwmark:$part[3]
                string match -q -- -6 "$part[4]"
                and set key fwmark6:$part[3]
        end
        if string match -q -- -A $part[1]; and not count $argv >/dev/null
            echo $key
        else if string match -q -- -a $part[1]; and test "$argv[1]" = "$key"
            string replace -r '.* -r (\\S+) .*' '$1' -- $rule
        end
    end
end`;
}
