# shellcheck shell=bash
# Prepare a checkout so that its programs run. Source this file; it defines functions only.
# shellcheck source=scripts/lib/progress.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/progress.sh"

# Only Node has to be installed already.
require_node() {
  local version
  if ! version=$(node --version 2>/dev/null); then
    echo 'Node.js 20.19 or later is needed, and there is no node on the PATH.' >&2
    return 1
  fi
  [[ $version =~ ^v([0-9]+)\.([0-9]+)\. ]] || return 1
  if ((BASH_REMATCH[1] < 20 || (BASH_REMATCH[1] == 20 && BASH_REMATCH[2] < 19))); then
    printf 'Node.js 20.19 or later is needed; node on the PATH is %s.\n' "$version" >&2
    return 1
  fi
}

# `npm ci` unless what is installed is as new as the lock file. npm writes node_modules/.package-lock.json last.
ensure_npm_packages() {
  [[ package-lock.json -nt node_modules/.package-lock.json ]] || return 0
  echo 'Installing npm packages (npm ci), a minute or two the first time …' >&2
  local log status=0
  log=$(mktemp) || return 1
  with_progress 'npm ci' "$log" npm ci --no-audit --no-fund --loglevel=http || status=$?
  if ((status != 0)); then
    grep -v '^npm http fetch' "$log" | tail -n 30 >&2
    echo 'npm ci failed; its messages are above.' >&2
  fi
  rm -f "$log"
  return "$status"
}

# ensure_build [PROJECT…] — all of it, or what the named projects need, and the program's bundle.
ensure_build() {
  echo 'Building, some seconds …' >&2
  { node_modules/.bin/tsc -b "$@" && bundle_program; } >&2 || {
    echo 'The build failed; the messages of the compiler are above.' >&2
    return 1
  }
}

# Only where the program was built.
bundle_program() {
  [[ ! -e packages/cli/dist/bin.js ]] || node packages/cli/scripts/bundle.js
}
