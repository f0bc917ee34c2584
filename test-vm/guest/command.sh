# shellcheck shell=bash
# Run COMMAND as the share describes it (see lib/handover.sh). Sourced by init.sh and host-init.sh.

# run_command SHARE STDOUT STDERR — the status is COMMAND's, 128 + n when signal n ended it.
run_command() {
  local handed=$1 input=/dev/null
  local -a command environment settings
  mapfile -d '' -t command <"$handed/command"
  mapfile -d '' -t environment <"$handed/environment"
  mapfile -d '' -t settings <"$handed/settings"
  [[ ! -e $handed/stdin ]] || input=$handed/stdin
  : >"$handed/started"
  # A session of its own: what COMMAND sends to its process group must not reach init. 8 and 9 are init's.
  # shellcheck disable=SC2016  # expanded by the inner shell, after the change of directory
  setsid env -i "${environment[@]}" /bin/bash -c 'cd -- "$1" || exit 125; shift; unset OLDPWD; exec "$@"' test-vm \
    "${settings[1]}" "${command[@]}" <"$input" >"$2" 2>"$3" 8>&- 9>&- &
  wait $!
}
