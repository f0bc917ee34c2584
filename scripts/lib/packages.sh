# shellcheck shell=bash
# Debian packages on demand. Source this file; it defines functions only.
# shellcheck source=scripts/lib/progress.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/progress.sh"

# The names among "$@" that dpkg does not know as installed, one a line.
missing_packages() {
  local name
  for name in "$@"; do
    [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] ||
      printf '%s\n' "$name"
  done
}

# apt_get LOG ARGUMENT… — run apt-get with its output in LOG; on stderr its last line each minute.
# RUNLEVEL=1 keeps the maintainer scripts from starting a service (nginx would take port 80 of this machine).
apt_get() {
  local log=$1
  shift
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive with_progress "apt-get $1" "$log" \
    apt-get -o DPkg::Lock::Timeout=900 -o APT::Update::Error-Mode=any -y -q "$@"
}

# The same with a log of its own, which is shown only when it failed.
quiet_apt_get() {
  local log status=0
  log=$(mktemp) || return 1
  apt_get "$log" "$@" || status=$?
  if ((status != 0)); then
    printf 'apt-get %s failed (exit status %d):\n' "$*" "$status" >&2
    tail -n 15 "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}

install_packages() {
  # The package list may be missing (a fresh container) or too old: the mirror may no longer have the files that it
  # names.
  local log status=0
  log=$(mktemp) || return 1
  apt_get "$log" install --no-install-recommends "$@" || status=$?
  rm -f "$log"
  ((status != 0)) || return 0
  printf 'Refreshing the list of Debian packages (apt-get update) …\n' >&2
  quiet_apt_get update || return 1
  quiet_apt_get install --no-install-recommends "$@"
}

# lock_file DIRECTORY… — print a file to lock in the first writable directory, which is created if missing:
# /var/lock leads to /run/lock, which a root without an init does not have.
lock_file() {
  local directory
  for directory in "$@"; do
    directory=$(readlink --canonicalize-missing -- "$directory")
    if mkdir -p -- "$directory" 2>/dev/null && [[ -w $directory ]]; then
      printf '%s/ipvs-ts-packages.lock\n' "$directory"
      return
    fi
  done
  printf 'No directory for a lock file can be written: %s\n' "$*" >&2
  return 1
}

# ensure_packages NAME… — install what is missing. Reports what it waits for; without root it prints the command
# instead.
ensure_packages() {
  local -a missing
  local lock path
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    printf 'These Debian packages are needed, and this machine has no apt-get: %s\n' "$*" >&2
    return 1
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) && return 0
  if ((EUID != 0)); then
    printf 'Debian packages are missing and only root can install them. Run:\n' >&2
    printf '  sudo apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
    return 1
  fi
  # Two runs would compete for the lock of apt while one of them refreshes the list.
  path=$(lock_file /var/lock /run /tmp) || return 1
  exec {lock}>"$path" || return 1
  flock "$lock"
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} > 0)); then
    printf 'Installing Debian packages (once): %s …\n' "${missing[*]}" >&2
    if ! install_packages "${missing[@]}"; then
      exec {lock}>&-
      printf 'Could not install them. Try it by hand: apt-get install --no-install-recommends %s\n' \
        "${missing[*]}" >&2
      return 1
    fi
  fi
  exec {lock}>&-
}
