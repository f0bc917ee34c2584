# shellcheck shell=bash
# Engine qemu: Debian's stock kernel of a suite under QEMU, with KVM where that works. The host's file tree comes over
# 9p, read-only, below an overlay; the run's share over a second, writable 9p.

readonly QEMU_PACKAGES=(qemu-system-x86 busybox-static cpio xz-utils kmod iproute2)

# Modules of the initramfs: enough to reach the host's tree and to carry output.
readonly QEMU_BOOT_MODULES=(virtio_pci 9pnet_virtio 9p overlay virtio_console)

qemu_accelerator=tcg

qemu_obstacle() {
  if [[ $(uname -m) != x86_64 ]]; then
    echo "the guest runs this machine's own programs on an x86-64 kernel, and this is $(uname -m)"
    return 1
  fi
}

qemu_is_ready() { cache_has "qemu-$kernel"; }

qemu_prepare() {
  ensure_packages "${QEMU_PACKAGES[@]}" || return 1
  ensure_cached "qemu-$kernel" build_qemu "$kernel" || return 1
  qemu_entry=$(cache_directory)/qemu-$kernel
}

qemu_description() {
  printf 'engine qemu, kernel %s%s' "$(ls "$qemu_entry/modules")" "$($icount && echo ', counting instructions')"
}

# The packages that make up the newest kernel of the opened suite. Newer suites split the image into several.
kernel_packages() {
  local image
  image=$(suite_apt cache depends linux-image-amd64 | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
  [[ -n $image ]] || return 1
  printf '%s\n' "$image"
  suite_apt cache depends "$image" | awk '$1 == "Depends:" && $2 ~ /^linux-(base|binary|modules)-[0-9]/ { print $2 }'
}

# build_qemu SERIES DIRECTORY
build_qemu() {
  local series=$1 directory=$2 suite package kernel_file
  local -a packages
  suite=$(suite_of_kernel "$series")
  say "fetching Debian $suite's kernel (once, about 100 MB) …"
  open_suite "$suite" "$directory/apt" || return 1
  mapfile -t packages < <(kernel_packages)
  ((${#packages[@]} > 0)) || warn "Debian $suite's linux-image-amd64 depends on no kernel package"
  for package in "${packages[@]}"; do
    unpack_package "$package" "$directory/package" || return 1
  done
  kernel_file=$(find "$directory/package" -type f -name 'vmlinuz*' | head -n 1)
  if [[ -z $kernel_file ]]; then
    warn "no kernel (vmlinuz) in Debian $suite's packages: ${packages[*]}"
    return 1
  fi
  mv "$kernel_file" "$directory/vmlinuz" || return 1
  mv "$(find "$directory/package" -type d -path '*lib/modules')" "$directory/modules" || return 1
  # Two thirds of a kernel package are drivers for hardware that no virtual machine has.
  rm -rf "$directory"/modules/*/kernel/{sound,drivers/{gpu,media,infiniband,scsi,iio,usb,net/{ethernet,wireless}}}
  index_modules "$directory/modules" && build_initramfs "$directory" && rm -rf "$directory/apt" "$directory/package"
}

# busybox and the modules above in loading order. write_initramfs adds the init of this checkout at each run.
build_initramfs() {
  local directory=$1 root=$1/initramfs version module path name
  version=$(ls "$directory/modules")
  mkdir -p "$root"/{bin,modules} "$directory/lookup/lib" && ln -s "$directory/modules" "$directory/lookup/lib/modules"
  cp "$(type -P busybox)" "$root/bin/busybox" || return 1
  for module in "${QEMU_BOOT_MODULES[@]}"; do
    # "insmod PATH" lines, dependencies before the module; "builtin NAME" for what is built into the kernel.
    modprobe -d "$directory/lookup" -S "$version" --show-depends "$module" || return 1
  done | while read -r kind path _; do
    [[ $kind == insmod ]] || continue
    name=${path##*/}
    name=${name%%.ko*}
    grep -qx "$name" "$root/modules/order" 2>/dev/null && continue
    case $path in
      *.xz) xz -dc "$path" ;;
      *) cat "$path" ;;
    esac >"$root/modules/$name.ko" && echo "$name" >>"$root/modules/order" || return 1
  done || return 1
  (cd "$root" && find . -print0 | cpio --null --quiet -o -H newc >"$directory/initramfs.cpio") || return 1
  rm -rf "$root" "$directory/lookup"
}

# The kernel unpacks archives that follow one another.
write_initramfs() {
  cp "$qemu_entry/initramfs.cpio" "$run_directory/initramfs.cpio" &&
    cp "$checkout/test-vm/guest/qemu-root.sh" "$run_directory/init" &&
    (cd "$run_directory" && echo init | cpio --quiet -o -H newc >>initramfs.cpio)
}

qemu_start() {
  local share=$run_directory/share
  local -a shares=() machine=(-accel tcg -cpu max -smp 2) words=(console=ttyS0 quiet panic=-1)
  if $icount; then
    # Zeroing of fresh memory would count an instruction a byte.
    machine=(-accel 'tcg,thread=single' -icount shift=0 -cpu max -smp 1) words+=(init_on_alloc=0)
  elif [[ $qemu_accelerator == kvm ]]; then
    machine=(-accel kvm -cpu host -smp 2)
  fi
  local index
  for index in "${!writable[@]}"; do
    # QEMU reads a comma in a value as two.
    shares+=(-virtfs "local,path=${writable[index]//,/,,},mount_tag=writable$index,security_model=none,multidevs=remap")
  done
  setsid qemu-system-x86_64 "${machine[@]}" -m "$memory" \
    -nodefaults -no-user-config -display none -no-reboot \
    -kernel "$qemu_entry/vmlinuz" -initrd "$run_directory/initramfs.cpio" -append "${words[*]}" \
    -chardev "file,id=console,path=$run_directory/console" -serial chardev:console \
    -device virtio-serial-pci \
    -add-fd fd=3,set=1 -chardev file,id=out,append=on,path=/dev/fdset/1 -device virtserialport,chardev=out,name=stdout \
    -add-fd fd=4,set=2 -chardev file,id=err,append=on,path=/dev/fdset/2 -device virtserialport,chardev=err,name=stderr \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$share,mount_tag=share,security_model=none" \
    ${shares[@]+"${shares[@]}"} \
    </dev/null >>"$run_directory/console" 2>&1 &
  vm_pid=$!
}

# Some machines, nested ones above all, have a KVM that does not work, which only a boot shows. The result holds until
# this machine reboots.
qemu_kvm_verdict() { printf '%s/.kvm-fails' "$(cache_directory)"; }

qemu_kvm_is_worth_a_try() {
  ! $icount && [[ -r /dev/kvm && -w /dev/kvm ]] &&
    [[ $(cat "$(qemu_kvm_verdict)" 2>/dev/null) != "$(</proc/sys/kernel/random/boot_id)" ]]
}

qemu_run() {
  write_handover "$qemu_entry/modules"
  write_initramfs || die 'cannot write the initramfs'
  if qemu_kvm_is_worth_a_try; then
    qemu_accelerator=kvm boot_limit=30
    boot_once
    [[ $outcome == unbooted ]] || conclude
    say 'KVM does not work here; emulating the processor instead'
    cat /proc/sys/kernel/random/boot_id >"$(qemu_kvm_verdict)"
  fi
  qemu_accelerator=tcg boot_limit=300
  boot_and_conclude
}
