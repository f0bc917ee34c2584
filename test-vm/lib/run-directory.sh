# shellcheck shell=bash
# The temporary directory of a run, and the removal of everything at its end.
#
#   RUN/share/    what host and guest hand each other (see handover.sh); the guest sees it as /run/vm
#   RUN/out, err  FIFOs that carry COMMAND's output out of the engine
#   RUN/console   the guest's kernel log

run_directory=''
vm_pid=''
timer_pid=''
janitor_pid=''
relay_pids=()
# The settings of the caller's terminal, while the guest has it.
terminal=''

make_run_directory() {
  local parent=${TMPDIR:-/tmp}
  # The path travels on the guest's kernel command line, which blanks would cut and commas confuse.
  [[ -d $parent && $parent =~ ^[A-Za-z0-9/._+-]+$ ]] || parent=/tmp
  run_directory=$(mktemp -d "$parent/ipvs-ts-vm.XXXXXX") || die "cannot make a temporary directory in $parent"
  mkdir "$run_directory/share"
}

# This script may be killed before it can clean up: then a second process does.
start_janitor() {
  # shellcheck disable=SC2016  # the inner shell expands its own arguments
  setsid /bin/bash -c 'tail --pid="$1" -f /dev/null; kill -KILL -- "-$2"; rm -rf -- "$3"' test-vm-janitor \
    "$$" "$vm_pid" "$run_directory" </dev/null >/dev/null 2>&1 &
  janitor_pid=$!
}

end_janitor() {
  [[ -n $janitor_pid ]] || return 0
  kill -KILL -- "-$janitor_pid" "$janitor_pid" 2>/dev/null
  wait "$janitor_pid" 2>/dev/null
  janitor_pid=''
}

# The guest gets each key as it is pressed, and does the rest of what a terminal does itself.
lend_terminal() {
  ! $tty || { terminal=$(stty -g <&0) && stty raw -echo <&0; }
}

return_terminal() {
  [[ -z $terminal ]] || stty "$terminal" <&0
  terminal=''
}

# Each VM leads its own process group, so its helpers end with it and nothing else does.
end_vm() {
  end_janitor
  [[ -n $vm_pid ]] || return 0
  # The pid by itself too: between fork and setsid(1) there is no such group yet.
  kill -KILL -- "-$vm_pid" "$vm_pid" 2>/dev/null
  wait "$vm_pid" 2>/dev/null
  vm_pid=''
}

end_timer() {
  [[ -n $timer_pid ]] || return 0
  kill -KILL "$timer_pid" 2>/dev/null
  wait "$timer_pid" 2>/dev/null
  timer_pid=''
}

# Only in the shell of the run: bash 5.2 runs its EXIT trap in a child too, if SIGTERM ends that before it has become its program.
clean_up() {
  local pid
  [[ $BASHPID == "$$" ]] || return 0
  trap '' INT TERM HUP
  end_vm
  return_terminal
  end_timer
  for pid in "${relay_pids[@]}"; do kill "$pid" 2>/dev/null; done
  [[ -z $run_directory ]] || rm -rf -- "$run_directory"
  [[ -z $building ]] || rm -rf -- "$building"
}

# Die of the signal itself, so that the caller's shell sees an interruption and not an ordinary exit.
interrupted() {
  local signal=$1
  trap - EXIT
  clean_up
  trap - "$signal"
  kill -s "$signal" $$
}

guard_run_directory() {
  trap clean_up EXIT
  local signal
  # shellcheck disable=SC2064  # the name is wanted as it is now
  for signal in INT TERM HUP; do trap "interrupted $signal" "$signal"; done
}
