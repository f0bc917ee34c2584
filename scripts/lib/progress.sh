# shellcheck shell=bash
# Progress messages for commands that print nothing for a long time. Source this file; it defines functions only.

# with_progress TEXT LOG COMMAND… — run COMMAND with its output in LOG. Each minute say on stderr how long it has taken and
# what its last line was, if there was a new one: a command that hangs is silent.
with_progress() {
  local text=$1 log=$2 start=$SECONDS size=-1 pid
  shift 2
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while sleep_unless_ended "$pid" 60; do
    [[ $(stat --format %s "$log") != "$size" ]] || continue
    size=$(stat --format %s "$log")
    printf '%s, %d min so far: %.120s\n' "$text" $(((SECONDS - start) / 60)) "$(tail -n 1 "$log" | tr -d '\r')" >&2
  done
  wait "$pid"
}

# sleep_unless_ended PID SECONDS — status 0 if PID is still running after that long.
sleep_unless_ended() {
  local second
  for ((second = 0; second < $2; second++)); do
    kill -0 "$1" 2>/dev/null || return 1
    sleep 1
  done
}
