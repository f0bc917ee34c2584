# shellcheck shell=bash
# --list: the engines that can run here, and which are ready.

list_engines() {
  local state
  printf '%-6s %-7s %s\n' engine kernel state
  kernel_chosen=false
  printf '%-6s %-7s %s\n' host "$(uname -r | grep -oE '^[0-9]+\.[0-9]+')" "$(host_obstacle && echo ready)"
  for engine in uml qemu; do
    for kernel in $KNOWN_KERNELS; do
      if ! state=$("${engine}_obstacle"); then
        :
      elif "${engine}_is_ready"; then
        state=ready
      else
        state="to be fetched (test-vm/run --fetch --engine $engine --kernel $kernel)"
      fi
      printf '%-6s %-7s %s\n' "$engine" "$kernel" "$state"
    done
  done
  printf 'cache: %s (remove it to fetch newer kernels)\n' "$(cache_directory)"
}
