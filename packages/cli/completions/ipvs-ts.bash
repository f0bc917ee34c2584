# bash completion for ipvs-ts. Generated from its tables of commands and options.

_ipvs_ts_arguments() {
  # Sets `words` to what may follow the option $1; fails for an option without an argument.
  case $1 in
  -t | --tcp-service) words='' ;;
  -u | --udp-service) words='' ;;
  --sctp-service) words='' ;;
  -f | --fwmark-service) words='' ;;
  -s | --scheduler) words='rr wrr lc wlc fo ovf lblc lblcr dh sh mh sed nq twos' ;;
  --pe) words='sip' ;;
  -M | --netmask) words='' ;;
  -b | --sched-flags) words='flag-1 flag-2 flag-3 sh-fallback sh-port mh-fallback mh-port' ;;
  -r | --real-server) words='' ;;
  --tun-type) words='ipip gue gre' ;;
  --tun-port) words='' ;;
  -w | --weight) words='' ;;
  -x | --u-threshold) words='' ;;
  -y | --l-threshold) words='' ;;
  --syncid) words='' ;;
  --start-daemon) words='master backup' ;;
  --sync-maxlen) words='' ;;
  --mcast-interface) words=$(cd /sys/class/net 2>/dev/null && printf '%s\n' *) ;;
  --mcast-group) words='' ;;
  --mcast-port) words='' ;;
  --mcast-ttl) words='' ;;
  --stop-daemon) words='master backup' ;;
  *) return 1 ;;
  esac
}

_ipvs_ts_options() {
  # Sets `words` to the options of the command $1.
  case $1 in
  -A | --add-service) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6 -s --scheduler --pe -p --persistent -M --netmask -o --ops -b --sched-flags' ;;
  -E | --edit-service) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6 -s --scheduler --pe -p --persistent -M --netmask -o --ops -b --sched-flags' ;;
  -D | --delete-service) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6' ;;
  -C | --clear) words='' ;;
  -R | --restore) words='' ;;
  -S | --save) words='-n --numeric' ;;
  -a | --add-server) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6 -r --real-server -g --gatewaying -i --ipip -m --masquerading --tun-type --tun-port --tun-nocsum --tun-csum --tun-remcsum -w --weight -x --u-threshold -y --l-threshold' ;;
  -e | --edit-server) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6 -r --real-server -g --gatewaying -i --ipip -m --masquerading --tun-type --tun-port --tun-nocsum --tun-csum --tun-remcsum -w --weight -x --u-threshold -y --l-threshold' ;;
  -d | --delete-server) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6 -r --real-server' ;;
  -L | -l | --list) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6 -c --connection --timeout --daemon --stats --rate -X --exact --thresholds --persistent-conn --tun-info --nosort --sort -n --numeric --syncid' ;;
  -Z | --zero) words='-t --tcp-service -u --udp-service --sctp-service -f --fwmark-service -6 --ipv6' ;;
  --set) words='' ;;
  --start-daemon) words='--syncid --sync-maxlen --mcast-interface --mcast-group --mcast-port --mcast-ttl' ;;
  --stop-daemon) words='--syncid' ;;
  -h | --help) words='' ;;
  -v | --version) words='' ;;
  *) words='-A --add-service -E --edit-service -D --delete-service -C --clear -R --restore -S --save -a --add-server -e --edit-server -d --delete-server -L -l --list -Z --zero --set --start-daemon --stop-daemon -h --help -v --version' ;;
  esac
}

_ipvs_ts_subcommand() {
  # Sets `words` to what may follow $2 behind the subcommand $1, `live` to what of the table may, and `keys` to
  # the function that prints it; fails where $1 is
  # none.
  case "$1 $2" in
  'agent -f' | 'agent --file') words=$(compgen -f -- "$current") ;;
  'agent --runtime-dir') words='' ;;
  'agent --state-dir') words='' ;;
  'agent --socket') words='' ;;
  'agent --netns') words='' ;;
  'apply -f' | 'apply --file') words=$(compgen -f -- "$current") ;;
  'apply --prune') words='destinations none all' ;;
  'apply --max-bytes') words='' ;;
  'apply --socket') words='' ;;
  'doctor --client') words='' ;;
  'drain -t' | 'drain --timeout') words='' ;;
  'drain --poll') words='' ;;
  'drain --settle') words='' ;;
  'drain --grace-udp') words='' ;;
  'drain --socket') words='' ;;
  'events --socket') words='' ;;
  'explain --socket') words='' ;;
  'export --socket') words='' ;;
  'export -o' | 'export --output') words='yaml json' ;;
  'fleet -f' | 'fleet --file') words=$(compgen -f -- "$current") ;;
  'fleet --store') words=$(compgen -f -- "$current") ;;
  'fleet --canary') words='' ;;
  'fleet --bake') words='' ;;
  'import --from-keepalived') words=$(compgen -f -- "$current") ;;
  'import --from-ldirectord') words=$(compgen -f -- "$current") ;;
  'import --config-id') words='' ;;
  'import -o' | 'import --output') words='yaml json' ;;
  'maintenance --for') words='' ;;
  'maintenance --why') words='' ;;
  'maintenance --socket') words='' ;;
  'metrics --listen') words='' ;;
  'metrics --by') words='destination service' ;;
  'plan -f' | 'plan --file') words=$(compgen -f -- "$current") ;;
  'plan --prune') words='destinations none all' ;;
  'plan --max-bytes') words='' ;;
  'status --socket') words='' ;;
  'top -i' | 'top --interval') words='' ;;
  'top --socket') words='' ;;
  'validate --max-bytes') words='' ;;
  'watch -i' | 'watch --interval') words='' ;;
  'watch -c' | 'watch --count') words='' ;;
  'agent '*) words='reload accept -f --file --runtime-dir --state-dir --socket --netns --observe --check --json -h --help' ;;
  'apply '*) words='-f --file --from-rules --prune --keep-weights --drain --max-bytes --json -n --dry-run -y --yes --force --socket -h --help' ;;
  'doctor '*) words='--client --fix --json --probe -h --help' live=services ;;
  'drain '*) words='-t --timeout -k --keep --poll --settle --grace-udp --even-last --force --socket --json -h --help' live=destinations ;;
  'events '*) words='-f --follow --json --socket -h --help' ;;
  'explain '*) words='--json --socket -h --help' live=destinations keys=_ipvs_ts_agent_keys ;;
  'export '*) words='--json --live --socket -o --output -h --help' ;;
  'fleet '*) words='status put diff rollback -f --file --store -y --yes --allow-removals --canary --bake --json -h --help' ;;
  'import '*) words='--from-keepalived --from-ldirectord --config-id --strict -q --quiet -o --output -h --help' ;;
  'maintenance '*) words='start end list --for --why --now --force --local --json --socket -h --help' live=destinations keys=_ipvs_ts_agent_keys ;;
  'metrics '*) words='--listen --openmetrics --by -h --help' ;;
  'plan '*) words='-f --file --from-rules --prune --keep-weights --drain --max-bytes --json -h --help' ;;
  'status '*) words='--json --socket -h --help' live=services keys=_ipvs_ts_agent_keys ;;
  'top '*) words='-i --interval --socket -h --help' live=services ;;
  'validate '*) words='--from-rules --max-bytes --json -h --help' ;;
  'version '*) words='-h --help' ;;
  'watch '*) words='-i --interval -c --count --json --samples --verified -h --help' live=services ;;
  'help '*) words='agent apply doctor drain events explain export fleet import maintenance metrics plan status top validate version watch' ;;
  *) return 1 ;;
  esac
}

_ipvs_ts_keys() {
  # Prints the services of the table or, for the service $1, its destinations.
  local verb option service rest key
  ipvs-ts -Sn 2>/dev/null | while read -r verb option service rest; do
    case $option in
    -t) key=tcp:$service ;;
    -u) key=udp:$service ;;
    --sctp-service) key=sctp:$service ;;
    -f)
      key=fwmark:$service
      [[ $rest == '-6 '* ]] && key=fwmark6:$service
      ;;
    esac
    if [[ $verb == -A && -z $1 ]]; then
      echo "$key"
    elif [[ $verb == -a && $1 == "$key" ]]; then
      rest=${rest#*-r }
      echo "${rest%% *}"
    fi
  done
}

_ipvs_ts_agent_keys() {
  # Prints the services of the agent or, for the service $1, its destinations.
  local line service
  ipvs-ts status --json 2>/dev/null | while IFS= read -r line; do
    case $line in
    *'"service": "'*)
      service=${line#*'"service": "'} service=${service%%'"'*}
      [[ -z $1 ]] && echo "$service"
      ;;
    *'"destination": "'*)
      line=${line#*'"destination": "'}
      line=${line%%'"'*}
      [[ -n $1 && $1 == "$service" ]] && echo "$line"
      ;;
    esac
  done
}

_ipvs_ts() {
  local words command word live keys service line
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if [[ -n $COMP_LINE ]]; then
    # Bash cuts words at colons, which keys are full of.
    read -ra line <<<"${COMP_LINE:0:COMP_POINT}|"
    current=${line[-1]%|} previous=${line[-2]}
  else
    line=("${COMP_WORDS[@]:0:COMP_CWORD+1}")
  fi
  if ((COMP_CWORD == 1)) && [[ $current != -* ]]; then
    words='agent apply doctor drain events explain export fleet import maintenance metrics plan status top validate version watch help'
  elif ((COMP_CWORD > 1)) && _ipvs_ts_subcommand "${COMP_WORDS[1]}" "$previous"; then
    :
  elif ! _ipvs_ts_arguments "$previous"; then
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
      [[ $word == -* ]] && command=$word && break
    done
    _ipvs_ts_options "$command"
  fi
  if [[ -n $live && $current != -* ]]; then
    if [[ $live == destinations ]]; then
      for word in "${line[@]:2:${#line[@]}-3}"; do
        [[ $word == *:* ]] && service=$word && break
      done
    fi
    words+=" $("${keys:-_ipvs_ts_keys}" "$service")"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $COMP_LINE && $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    # What stands before the last colon is on the line already.
    COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}")
  fi
}

complete -F _ipvs_ts ipvs-ts
