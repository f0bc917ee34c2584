# shellcheck shell=bash
# Engine uml: a Linux kernel built as an ordinary program. Its root is the host's file tree (hostfs) below an overlay.

uml_binary=''
uml_modules=''
# A library that is loaded before the C library, if the kernel needs one here.
uml_preload=''

# Why this engine cannot work here, on stdout; status 0 when nothing speaks against it.
uml_obstacle() {
  if [[ $(uname -m) != x86_64 ]]; then
    echo "Debian builds user-mode Linux for x86-64 only, and this is $(uname -m)"
    return 1
  fi
}

# Whether the machine's own package is of the wanted series.
uml_is_installed() { [[ $(/usr/bin/linux.uml --version 2>/dev/null) == "$kernel".* ]]; }

uml_is_installable() {
  [[ $(apt-cache policy user-mode-linux 2>/dev/null | awk '$1 == "Candidate:" { print $2 }') == "$kernel"um* ]]
}

uml_is_ready() { uml_is_installed || cache_has "uml-$kernel"; }

uml_prepare() {
  ensure_packages kmod iproute2 || return 1
  if ! uml_is_ready && uml_is_installable; then
    ensure_packages user-mode-linux || return 1
  fi
  if uml_is_installed; then
    uml_binary=/usr/bin/linux.uml uml_modules=/usr/lib/uml/modules
  else
    local entry
    entry=$(cache_directory)/uml-$kernel
    ensure_cached "uml-$kernel" build_uml "$kernel" || return 1
    uml_binary=$entry/linux.uml uml_modules=$entry/modules
  fi
  prepare_xstate
}

# Older kernels do not run on processors with AMX by themselves: uml-xstate.c says why.
prepare_xstate() {
  one_of "$kernel" '5.10 6.1 6.12' && grep -qwE 'amx_tile|apx' /proc/cpuinfo || return 0
  ensure_packages tcc && ensure_cached uml-xstate-1 build_xstate || return 1
  uml_preload=$(cache_directory)/uml-xstate-1/uml-xstate.so
}

# build_xstate DIRECTORY
build_xstate() { tcc -shared -nostdlib -o "$1/uml-xstate.so" "$checkout/test-vm/engines/uml-xstate.c"; }

# build_uml SERIES DIRECTORY
build_uml() {
  local series=$1 directory=$2 suite
  suite=$(suite_of_kernel "$series")
  say "fetching Debian $suite's user-mode Linux (once, about 60 MB) …"
  open_suite "$suite" "$directory/apt" && unpack_package user-mode-linux "$directory/package" || return 1
  mv "$directory/package/usr/lib/uml/modules" "$directory/modules" &&
    mv "$directory/package/usr/bin/linux.uml" "$directory/linux.uml" || return 1
  if ! "$directory/linux.uml" --version >/dev/null 2>&1; then
    lend_newer_libc "$directory" || return 1
  fi
  index_modules "$directory/modules" && rm -rf "$directory/apt" "$directory/package"
}

# The kernels of newer suites want a newer C library than this machine may have: unpack Debian trixie's beside it.
# The entry is named in the binary by its final path, since the directory is renamed when complete.
lend_newer_libc() {
  local directory=$1 final
  final=$(cache_directory)/uml-$kernel
  ensure_packages patchelf || return 1
  rm -rf "$directory/apt"
  open_suite trixie "$directory/apt" && unpack_package libc6 "$directory/libc6" || return 1
  mv "$directory/libc6/usr/lib/x86_64-linux-gnu" "$directory/libc" && rm -rf "$directory/libc6" || return 1
  patchelf --set-interpreter "$final/libc/ld-linux-x86-64.so.2" --set-rpath "$final/libc" "$directory/linux.uml"
}

# A file the size of the guest's memory is mapped executable: tmpfs where there is one with room, else a disk.
uml_memory_directory() {
  local directory
  for directory in /dev/shm /run /tmp; do
    [[ -w $directory && $(stat --file-system --format %T "$directory") == tmpfs ]] || continue
    (($(df --output=avail --block-size=1M "$directory" | tail -n 1) > memory)) || continue
    findmnt --noheadings --output OPTIONS --target "$directory" | grep -qw noexec && continue
    printf '%s' "$directory"
    return
  done
  printf '%s' "${TMPDIR:-/tmp}"
}

uml_description() { printf 'engine uml, kernel %s' "$("$uml_binary" --version)"; }

uml_start() {
  local share=$run_directory/share
  local -a terminal_words=()
  ! $tty || terminal_words=(ssl2=fd:6,fd:7)
  LD_PRELOAD=$uml_preload TMPDIR=$(uml_memory_directory) setsid "$uml_binary" \
    "mem=${memory}M" "umid=guest" "uml_dir=$run_directory/" noreboot quiet \
    root=/dev/root rootfstype=hostfs rootflags=/ rw "init=$share/uml-root.sh" "vm_share=$share" \
    con=null con0=null,fd:5 ssl=null ssl0=null,fd:3 ssl1=null,fd:4 ${terminal_words[@]+"${terminal_words[@]}"} \
    </dev/null >>"$run_directory/console" 2>&1 5>>"$run_directory/console" &
  vm_pid=$!
}

uml_run() {
  boot_limit=180
  # A place for the guest's modules, which a guest whose root is read-only cannot make itself.
  [[ $kernel != 5.10 || -d /lib/modules ]] || mkdir -p /lib/modules
  write_handover "$uml_modules"
  boot_and_conclude
}
