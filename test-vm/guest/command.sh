# shellcheck shell=bash
# Run COMMAND as the share describes it (see lib/handover.sh). Sourced by init.sh and host-init.sh.

# run_command SHARE STDOUT STDERR [TERMINAL] — the status is COMMAND's, 128 + n when signal n ended it. With --tty, all its
# streams are TERMINAL, which controls it.
run_command() {
  local handed=$1 out=$2 err=$3 input=/dev/null rows columns
  local -a session=(setsid)
  local -a command environment settings
  mapfile -d '' -t command <"$handed/command"
  mapfile -d '' -t environment <"$handed/environment"
  mapfile -d '' -t settings <"$handed/settings"
  [[ ! -e $handed/stdin ]] || input=$handed/stdin
  if [[ -e $handed/tty ]]; then
    if [[ $4 == caller ]]; then
      # On the machine's own kernel that terminal controls the caller: COMMAND gets one of its own, joined to it.
      input=/dev/fd/6 out=/dev/fd/7 err=/dev/fd/7
      command=(script --quiet --return --command "$(printf '%q ' "${command[@]}")" /dev/null)
    else
      input=$4 out=$4 err=$4 session=(setsid --ctty)
      read -r rows columns <"$handed/tty"
      stty sane rows "$rows" cols "$columns" <"$input"
    fi
  fi
  : >"$handed/started"
  # A session of its own: what COMMAND sends to its process group must not reach init. 8 and 9 are init's.
  # shellcheck disable=SC2016  # expanded by the inner shell, after the change of directory
  "${session[@]}" env -i "${environment[@]}" /bin/bash -c 'cd -- "$1" || exit 125; shift; unset OLDPWD; exec "$@"' test-vm \
    "${settings[1]}" "${command[@]}" <"$input" >"$out" 2>"$err" 8>&- 9>&- &
  wait $!
}
