#!/bin/bash
# Starts the executable for arm64 under qemu-user, with Debian's libraries for arm64 unpacked in DIRECTORY.
#
#   arm64.sh DIRECTORY
set -eu -o pipefail
verbosity=1
for part in scripts/lib/packages.sh test-vm/lib/say.sh test-vm/lib/debian-archive.sh; do
  # shellcheck source=/dev/null
  . "$part"
done
directory=$1
mkdir -p "$directory"

# A private apt state, as suite_apt has, of the other architecture.
open_suite bookworm "$directory/apt"
other=(-o APT::Architecture=arm64 -o APT::Architectures=arm64)
suite_apt get "${other[@]}" update >/dev/null
for name in libc6 libstdc++6 libgcc-s1; do
  (cd "$directory" && suite_apt get "${other[@]}" download "$name" >/dev/null)
  dpkg-deb -x "$directory/$name"_*_arm64.deb "$directory/root"
done

run() { qemu-aarch64-static -L "$directory/root" dist/linux-arm64/ipvs-ts "$@"; }
[[ $(run version) == *'(linux arm64)'* ]]
[[ $(run help) == *validate* ]]
echo 'services: { "tcp:192.0.2.10:80": { scheduler: rr } }' | run validate -
# koffi's binary is loaded, and the kernel answers that it has no IPVS.
message=$(run -ln 2>&1 || true)
echo "$message"
[[ $message != *koffi* ]]
