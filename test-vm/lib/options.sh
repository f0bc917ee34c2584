# shellcheck shell=bash
# The command line of test-vm/run → variables.

readonly KNOWN_ENGINES='host uml qemu'
readonly KNOWN_KERNELS='5.10 6.1 6.12 7.2'
readonly DEFAULT_KERNEL=6.1
readonly DEFAULT_TIME_LIMIT=600

usage() {
  cat <<'END'
usage: test-vm/run [OPTION…] -- COMMAND [ARGUMENT…]
       test-vm/run --tty [OPTION…] [-- COMMAND [ARGUMENT…]]
       test-vm/run --list | --fetch [--engine ENGINE] [--kernel SERIES]

Runs COMMAND as root on a kernel with IPVS. This checkout and the rest of the machine's files are visible at their
own paths; what COMMAND writes there stays in the guest (except under --writable). stdout, stderr and the exit status
are COMMAND's own.

  --engine host|uml|qemu|auto  host: this machine's kernel in a fresh network namespace (there, files are written for
                               real); uml: user-mode Linux; qemu: a Debian kernel under QEMU; auto (the default): the
                               first of them that works
  --kernel 5.10|6.1|6.12|7.2   kernel series (default 6.1; `host` has only its own)
  --timeout SECONDS            end the guest after that long, boot included: exit status 124 (default 600; none with
                               --silence)
  --silence SECONDS            end the guest when COMMAND has written nothing for that long: exit status 124
  --memory MB                  memory of the guest (default 1024)
  --writable DIRECTORY         let COMMAND's writes below DIRECTORY through to the machine (may be repeated)
  --stdin                      give COMMAND this command's standard input, read to its end before the boot; without
                               it COMMAND reads /dev/null, so that an idle pipe never holds a run up
  --tty                        give COMMAND this terminal, without a time limit; without COMMAND, a shell (host, uml)
  --env NAME=VALUE             set a variable (may be repeated). Passed on by themselves: CI DEBUG NODE_OPTIONS TERM
                               and IPVS_TS_*; set in the guest: PATH HOME LANG
  --icount                     qemu: one CPU whose clock counts instructions, for benchmarks that repeat
  --quiet, --verbose           say nothing but errors; say everything and show the guest's console
  --list                       print engines × kernels: which are ready, which can be fetched
  --fetch                      prepare engine and kernel (packages, cached files) and stop

Exit status: COMMAND's; 128+n when signal n ended it; 124 time limit; 125 no guest could be run; 126 COMMAND cannot be
executed; 127 COMMAND not found.
END
}

bad_usage() {
  warn "$1"
  warn 'see test-vm/run --help'
  exit "$OWN_FAILURE"
}

one_of() { [[ " $2 " == *" $1 "* ]]; }

is_whole_number() { [[ $1 =~ ^[1-9][0-9]{0,6}$ ]]; }

# Sets: action engine kernel kernel_chosen time_limit silence_limit memory verbosity pass_stdin icount tty writable[] extra_env[] command[]
parse_options() {
  action=run engine=auto kernel=$DEFAULT_KERNEL kernel_chosen=false time_limit='' silence_limit='' memory=1024
  verbosity=1 pass_stdin=false icount=false tty=false
  writable=() extra_env=() command=()
  while (($# > 0)); do
    case $1 in
      --) shift && command=("$@") && break ;;
      --engine | --kernel | --timeout | --silence | --memory | --writable | --env)
        (($# > 1)) || bad_usage "$1 needs a value"
        parse_value_option "$1" "$2"
        shift
        ;;
      --*=*) parse_value_option "${1%%=*}" "${1#*=}" ;;
      --stdin) pass_stdin=true ;;
      --icount) icount=true ;;
      --tty) tty=true ;;
      --quiet) verbosity=0 ;;
      --verbose) verbosity=2 ;;
      --list) action=list ;;
      --fetch) action=fetch ;;
      --help | -h) usage && exit 0 ;;
      -*) bad_usage "unknown option $1" ;;
      *) command=("$@") && break ;;
    esac
    shift
  done
  if $tty; then
    $pass_stdin && bad_usage '--tty and --stdin: only one of them'
    [[ -t 0 && -t 1 ]] || bad_usage '--tty needs a terminal as standard input and output'
    [[ $engine != qemu ]] || bad_usage '--tty is for the engines host and uml'
    ((${#command[@]} > 0)) || command=(bash -i)
  else
    [[ -n $time_limit$silence_limit ]] || time_limit=$DEFAULT_TIME_LIMIT
  fi
  [[ $action != run ]] || ((${#command[@]} > 0)) || bad_usage 'no COMMAND given'
  if $icount; then
    [[ $engine == auto ]] && engine=qemu
    [[ $engine == qemu ]] || bad_usage "--icount is for the qemu engine, not $engine"
  fi
}

parse_value_option() {
  case $1 in
    --engine)
      one_of "$2" "$KNOWN_ENGINES auto" || bad_usage "--engine $2: not one of $KNOWN_ENGINES auto"
      engine=$2
      ;;
    --kernel)
      one_of "$2" "$KNOWN_KERNELS" || bad_usage "--kernel $2: not one of $KNOWN_KERNELS"
      kernel=$2 kernel_chosen=true
      ;;
    --timeout)
      is_whole_number "$2" || bad_usage "--timeout $2: not a number of seconds"
      time_limit=$2
      ;;
    --silence)
      is_whole_number "$2" || bad_usage "--silence $2: not a number of seconds"
      silence_limit=$2
      ;;
    --memory)
      is_whole_number "$2" || bad_usage "--memory $2: not a number of megabytes"
      (($2 >= 128)) || bad_usage "--memory $2: the guest needs 128 MB at least"
      memory=$2
      ;;
    --writable)
      [[ -d $2 ]] || bad_usage "--writable $2: not a directory"
      writable+=("$(cd -- "$2" && pwd -P)")
      ;;
    --env)
      [[ $2 =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || bad_usage "--env $2: not NAME=VALUE"
      extra_env+=("$2")
      ;;
    *) bad_usage "unknown option $1" ;;
  esac
}
