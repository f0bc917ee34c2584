# shellcheck shell=bash
# Packages of any Debian suite, unpacked and not installed: a private apt state beside the machine's own, with the
# machine's own mirror and Debian's own keys.

readonly DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

suite_of_kernel() {
  case $1 in
    5.10) echo bullseye ;;
    6.1) echo bookworm ;;
    6.12) echo trixie ;;
    7.2) echo sid ;;
  esac
}

# The address of the Debian archive that this machine is configured for.
debian_mirror() {
  # shellcheck disable=SC2016  # apt-get expands these
  apt-get indextargets --format '$(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "main" && $2 ~ /\/debian\/?$/ { print $2; exit }'
}

# open_suite SUITE DIRECTORY — make the apt state; suite_apt then works on it.
open_suite() {
  local suite=$1 mirror
  suite_state=$2
  mirror=$(debian_mirror)
  if [[ -z $mirror ]]; then
    warn "this machine's apt sources name no Debian archive (a URI ending in /debian), so nothing of $suite can be had"
    return 1
  fi
  if [[ ! -e $DEBIAN_KEYRING ]]; then
    warn "$DEBIAN_KEYRING is missing: apt-get install debian-archive-keyring"
    return 1
  fi
  mkdir -p "$suite_state"/{lists/partial,cache/archives/partial} || return 1
  printf 'deb [signed-by=%s] %s %s main\n' "$DEBIAN_KEYRING" "$mirror" "$suite" >"$suite_state/sources.list"
  : >"$suite_state/status"
  if ! suite_apt get update >"$suite_state/log" 2>&1; then
    warn "apt-get update of Debian $suite failed:"
    tail -n 5 "$suite_state/log" >&2
    return 1
  fi
}

# suite_apt get|cache ARGUMENT… — apt-get or apt-cache on the opened suite.
suite_apt() {
  local tool=apt-$1
  shift
  "$tool" -q -o Dir::Etc::sourcelist="$suite_state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::Lists="$suite_state/lists" -o Dir::State::status="$suite_state/status" \
    -o Dir::Cache="$suite_state/cache" -o APT::Architecture=amd64 -o APT::Architectures=amd64 \
    -o Acquire::Languages=none -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any "$@" </dev/null
}

# unpack_package NAME DIRECTORY — the newest version that the opened suite has.
unpack_package() {
  local name=$1 directory=$2 file
  if ! (cd "$suite_state" && suite_apt get download "$name" >log 2>&1); then
    warn "could not download the Debian package $name:"
    tail -n 5 "$suite_state/log" >&2
    return 1
  fi
  file=("$suite_state/$name"_*.deb)
  mkdir -p "$directory" && dpkg-deb -x "${file[0]}" "$directory" && rm -f "${file[0]}"
}
