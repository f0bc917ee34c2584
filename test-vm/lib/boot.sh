# shellcheck shell=bash
# Boot the guest of the chosen engine, relay COMMAND's output, enforce the time limits, return the exit status.

# Wait for the VM's end, at most $1 seconds. Status 0: it ended; 1: it is still running; 2: nobody reads COMMAND's
# output any more (`test-vm/run … | head`).
vm_ends_within() {
  local ended status pid
  local -a rest
  sleep "$1" &
  timer_pid=$!
  while :; do
    ended=''
    # The shell would report a VM that dies of a signal; the console says more.
    wait -n -p ended "$timer_pid" "$vm_pid" "${running_relays[@]}" 2>/dev/null
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
    for pid in "${running_relays[@]}"; do [[ $pid == "$ended" ]] || rest+=("$pid"); done
    # Kept for the next call: to wait again for one that has ended would look like a failure to write.
    running_relays=("${rest[@]}")
  done
  end_timer
  return "$status"
}

# dd and not cat, which newer versions let the kernel do the copying for, uncounted: see relayed_bytes.
start_relays() {
  rm -f "$run_directory"/{out,err} "$run_directory"/share/{started,status,failure}
  mkfifo "$run_directory"/{out,err}
  dd bs=65536 status=none <"$run_directory/out" &
  relay_pids=($!)
  dd bs=65536 status=none <"$run_directory/err" >&2 &
  relay_pids+=($!)
  running_relays=("${relay_pids[@]}")
}

# How much output has passed, as a text that changes with it.
relayed_bytes() {
  local pid
  for pid in "${relay_pids[@]}"; do grep -s '^wchar' "/proc/$pid/io"; done
}

# The VM's process held the only writing ends: once it is gone the relays drain what is left and end by themselves.
finish_relays() {
  end_vm
  wait "${relay_pids[@]}" 2>/dev/null
  relay_pids=()
}

# One boot. Sets `outcome`: ended, unbooted, late, silent or unread.
boot_once() {
  local share=$run_directory/share result
  start_relays
  : >"$run_directory/console"
  lend_terminal
  "${engine}_start" 3>"$run_directory/out" 4>"$run_directory/err" 6<&0 7>&1
  start_janitor
  watch_vm
  result=$?
  ((result == 2)) && outcome=unread
  if ((result == 0)); then
    outcome=ended
    [[ -e $share/started || -e $share/failure ]] || outcome=unbooted
  fi
  finish_relays
  return_terminal
}

# Wait for the VM's end. Status as that of vm_ends_within; 1: it was too slow, and `outcome` says in what.
watch_vm() {
  local share=$run_directory/share start=$SECONDS last_output=$SECONDS seen='' output result
  while :; do
    vm_ends_within 1
    result=$?
    ((result == 1)) || return "$result"
    if [[ -n $time_limit ]] && ((SECONDS - start >= time_limit)); then
      outcome=late
    elif [[ ! -e $share/started ]]; then
      last_output=$SECONDS
      ((SECONDS - start >= boot_limit)) || continue
      outcome=unbooted
    else
      output=$(relayed_bytes)
      [[ $output == "$seen" ]] || last_output=$SECONDS
      seen=$output
      if [[ -z $silence_limit ]] || ((SECONDS - last_output < silence_limit)); then continue; fi
      outcome=silent
    fi
    return 1
  done
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
    silent)
      warn "COMMAND wrote nothing for $silence_limit s; the guest was ended (--silence SECONDS gives it longer)"
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
