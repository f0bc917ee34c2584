# shellcheck shell=bash
# Checks that count what fails. Source this file; it defines functions only.

passed=0
failed=0

# check TEXT COMMAND… — whether COMMAND succeeds; what it printed is shown where it does not.
check() {
  local text=$1 log
  shift
  if log=$("$@" 2>&1); then
    passed=$((passed + 1))
    printf 'ok     %s\n' "$text"
  else
    failed=$((failed + 1))
    printf 'FAILED TEST: %s\n%s\n' "$text" "$log" | sed '2,$s/^/  | /'
  fi
}

# prints TEXT COMMAND… — whether what COMMAND prints, its errors too, contains TEXT, whatever its status.
prints() {
  local text=$1 found
  shift
  found=$("$@" 2>&1) || true
  [[ $found == *"$text"* ]] || {
    printf '%s: printed without “%s”:\n%s\n' "$*" "$text" "$found"
    return 1
  }
}

not() { ! "$@"; }

conclude_checks() {
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}
