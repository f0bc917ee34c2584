# shellcheck shell=bash
# What the guest's init finds in RUN/share: COMMAND, its environment, directory and input. NUL separates, since it is
# the only byte that no argument can hold.
#
#   command, environment   NUL-terminated words
#   settings               NUL-terminated: checkout, working directory, modules directory, writable directories…
#   stdin                  only with --stdin
#   tty                    only with --tty: rows and columns of the terminal
#   probe                  an empty file that nobody has opened before (see guest/uml-root.sh)
# The guest leaves: started (init has come so far), status (COMMAND's exit status), failure (why init gave up).

readonly GUEST_SYSTEM_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

guest_path() {
  local node node_directory
  printf '%s' "$checkout/test-vm/guest/bin"
  # Node may live outside the system's directories (a version manager): the guest gets the caller's.
  if node=$(type -P node); then
    node_directory=$(dirname "$(readlink -f "$node")")
    one_of "$node_directory" "${GUEST_SYSTEM_PATH//:/ }" || printf ':%s' "$node_directory"
  fi
  printf ':%s' "$GUEST_SYSTEM_PATH"
}

write_environment() {
  local name
  printf 'PATH=%s\0' "$(guest_path)"
  printf 'HOME=/root\0LANG=C.UTF-8\0'
  for name in CI DEBUG NODE_OPTIONS TERM $(compgen -e IPVS_TS_); do
    [[ -z ${!name+set} ]] || printf '%s=%s\0' "$name" "${!name}"
  done
  ((${#extra_env[@]} == 0)) || printf '%s\0' "${extra_env[@]}"
}

# write_handover MODULES_DIRECTORY
write_handover() {
  local share=$run_directory/share
  printf '%s\0' "${command[@]}" >"$share/command"
  write_environment >"$share/environment"
  printf '%s\0' "$checkout" "$PWD" "$1" ${writable[@]+"${writable[@]}"} >"$share/settings"
  : >"$share/probe"
  if $tty; then stty size <&0 >"$share/tty"; fi
  if $pass_stdin; then cat >"$share/stdin"; fi
  cp "$checkout"/test-vm/guest/*.sh "$share/"
}
