# shellcheck shell=bash
# Kernel modules of unpacked packages.

# index_modules DIRECTORY — DIRECTORY/VERSION/… as below /lib/modules. Packages leave depmod to their installation.
index_modules() {
  local directory=$1 version scratch
  version=$(ls "$directory")
  [[ -e $directory/$version/modules.dep ]] && return 0
  scratch=$(mktemp -d) && mkdir -p "$scratch/lib" && ln -s "$directory" "$scratch/lib/modules" || return 1
  depmod -b "$scratch" "$version"
  local status=$?
  rm -rf "$scratch"
  return $status
}
