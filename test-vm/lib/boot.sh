# shellcheck shell=bash
# Boot the chosen engine's guest, carry COMMAND's output, keep the time limits, bring the exit status back.

# Wait for the VM's end, at most $1 seconds. Status 0: it ended; 1: it is still running; 2: nobody reads COMMAND's
# output any more (`test-vm/run … | head`).
vm_ends_within() {
  local ended status pid
  local -a waited=("$vm_pid" "${relay_pids[@]}") rest
  sleep "$1" &
  timer_pid=$!
  while :; do
    ended=''
    # The shell would report a VM that dies of a signal; the console says more.
    wait -n -p ended "$timer_pid" "${waited[@]}" 2>/dev/null
    status=$?
    case $ended in
      "$timer_pid")
        timer_pid=''
        return 1
        ;;
      "$vm_pid" | '') status=0 && break ;;
    esac
    # A relay: at the end of its input its work is done and the VM is about to end; otherwise it could not write.
    ((status == 0)) || { status=2 && break; }
    rest=()
    for pid in "${waited[@]}"; do [[ $pid == "$ended" ]] || rest+=("$pid"); done
    waited=("${rest[@]}")
  done
  end_timer
  return "$status"
}

start_relays() {
  rm -f "$run_directory"/{out,err} "$run_directory"/share/{started,status,failure}
  mkfifo "$run_directory"/{out,err}
  cat <"$run_directory/out" &
  relay_pids=($!)
  cat <"$run_directory/err" >&2 &
  relay_pids+=($!)
}

# The VM's process held the only writing ends: once it is gone the relays drain what is left and end by themselves.
finish_relays() {
  end_vm
  wait "${relay_pids[@]}" 2>/dev/null
  relay_pids=()
}

# One boot. Sets `outcome`: ended, unbooted, late or unread.
boot_once() {
  local share=$run_directory/share first=$boot_limit
  ((first < time_limit)) || first=$time_limit
  start_relays
  : >"$run_directory/console"
  "${engine}_start" 3>"$run_directory/out" 4>"$run_directory/err"
  start_janitor
  vm_ends_within "$first"
  local result=$?
  if ((result == 1 && first < time_limit)); then
    if [[ -e $share/started ]]; then
      vm_ends_within "$((time_limit - first))"
      result=$?
    else
      result=3
    fi
  elif ((result == 0)) && [[ ! -e $share/started && ! -e $share/failure ]]; then
    result=3
  fi
  case $result in
    0) outcome=ended ;;
    1) outcome=late ;;
    2) outcome=unread ;;
    3) outcome=unbooted ;;
  esac
  finish_relays
}

console_tail() {
  warn "last lines of the guest's console:"
  tail -n "${1:-25}" "$run_directory/console" | tr -d '\r' | sed 's/^/  | /' >&2
}

# Boot, once more if it does not come up, and conclude.
boot_and_conclude() {
  boot_once
  # An emulated kernel sometimes dies while it patches its own code; the same boot then works.
  if [[ $outcome == unbooted ]]; then
    say "the guest ($engine, kernel $kernel) did not reach its init; booting once more"
    [[ ${verbosity:-1} -lt 2 ]] || console_tail 40
    boot_once
  fi
  conclude
}

# Exit with COMMAND's status. Returns only when the guest could not be booted: another engine may still work.
conclude() {
  local share=$run_directory/share
  [[ ${verbosity:-1} -lt 2 ]] || console_tail 40
  case $outcome in
    ended) [[ ! -s $share/status ]] || exit "$(<"$share/status")" ;;
    unread) exit 141 ;;
    late)
      warn "COMMAND did not end within $time_limit s; the guest was ended (--timeout SECONDS gives it longer)"
      exit 124
      ;;
    unbooted)
      warn "the guest ($engine, kernel $kernel) did not reach its init, twice (limit $boot_limit s a boot)"
      console_tail
      return
      ;;
  esac
  if [[ -s $share/failure ]]; then
    warn "the guest ($engine, kernel $kernel) could not run COMMAND: $(<"$share/failure")"
  else
    warn "the guest ($engine, kernel $kernel) ended before COMMAND did: a kernel crash, or COMMAND shut it down"
  fi
  console_tail
  exit "$OWN_FAILURE"
}
