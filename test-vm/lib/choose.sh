# shellcheck shell=bash
# Pick the first engine that works.

# Space-separated engines to try, in order.
candidates() {
  if [[ $engine == auto ]]; then
    # A terminal goes through to two of them.
    if $tty; then printf 'host uml'; else printf '%s' "$KNOWN_ENGINES"; fi
  else
    printf '%s' "$engine"
  fi
}

# What is missing for every engine.
prepare_guest_packages() { "$checkout/test-vm/provision"; }

# Try each engine and remember why one does not work; exit with the status of COMMAND in the first that does.
run() {
  local -a tried=()
  local candidate reason
  make_run_directory
  prepare_guest_packages || die 'the packages above are needed in the guest'
  for candidate in $(candidates); do
    engine=$candidate
    if ! reason=$("${engine}_obstacle"); then
      tried+=("$engine: $reason")
    elif ! "${engine}_prepare"; then
      tried+=("$engine: could not be prepared, see above")
    else
      say "$("${engine}_description")"
      "${engine}_run"
      tried+=("$engine: the guest did not start, see above")
    fi
  done
  warn 'no engine works here:'
  printf '  - %s\n' "${tried[@]}" >&2
  exit "$OWN_FAILURE"
}

# --fetch: packages and kernels, no guest.
fetch() {
  local candidate reason status=0
  prepare_guest_packages || status=1
  for candidate in $(candidates); do
    engine=$candidate
    if ! reason=$("${engine}_obstacle"); then
      say "$engine: $reason"
      [[ $candidate != "$(candidates)" ]] || status=1
    elif "${engine}_prepare"; then
      say "ready: $("${engine}_description")"
    else
      status=1
    fi
  done
  ((status == 0)) || exit "$OWN_FAILURE"
}
