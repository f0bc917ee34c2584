# shellcheck shell=bash
# Messages of test-vm/run itself, all on stderr: stdout belongs to COMMAND.

# Exit status of test-vm/run's own failures, apart from COMMAND's usual ones (as env(1) and containers do it).
readonly OWN_FAILURE=125

warn() { printf 'test-vm: %s\n' "$*" >&2; }

# Progress: suppressed by --quiet.
say() { [[ ${verbosity:-1} -lt 1 ]] || warn "$@"; }

# Details: shown by --verbose.
detail() { [[ ${verbosity:-1} -lt 2 ]] || warn "$@"; }

die() {
  warn "$@"
  exit "$OWN_FAILURE"
}
