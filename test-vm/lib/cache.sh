# shellcheck shell=bash
# Files that are fetched or built once. An entry is a directory that is complete or absent.

# The directory that is being filled, for clean_up.
building=''

cache_directory() { printf '%s' "${IPVS_TS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ipvs-ts}"; }

cache_has() { [[ -d $(cache_directory)/$1 ]]; }

# ensure_cached NAME BUILDER [ARGUMENT…] — BUILDER ARGUMENT… DIRECTORY fills an empty directory, which becomes the
# entry NAME. Prints nothing; the entry is "$(cache_directory)/NAME".
ensure_cached() {
  local name=$1 cache lock
  shift
  cache=$(cache_directory)
  [[ ! -d $cache/$name ]] || return 0
  mkdir -p "$cache" || return 1
  exec {lock}>"$cache/.$name.lock" || return 1
  if ! flock --nonblock "$lock"; then
    say "another run is preparing $name; waiting for it"
    flock "$lock"
  fi
  if [[ ! -d $cache/$name ]]; then
    # Under the lock nobody else builds this entry, so files there are left from an interrupted run.
    rm -rf "$cache/.$name".building.*
    building=$(mktemp -d "$cache/.$name.building.XXXXXX")
    chmod 755 "$building"
    if ! "$@" "$building" || ! mv "$building" "$cache/$name"; then
      rm -rf "$building"
      building=''
      exec {lock}>&-
      return 1
    fi
    building=''
  fi
  exec {lock}>&-
}
