/*
 * Lets user-mode Linux before 7.2 run on processors with AMX. Preloaded by engines/uml.sh.
 *
 * Those kernels keep 2696 bytes of a process's extended registers, which was all there was up to AVX-512, and write
 * them back with PTRACE_SETREGSET. A host whose processor has more state refuses any length but its own (EFAULT), and
 * the guest dies with its first process. So a write that is refused is repeated with the host's length: the registers as
 * the host has them, and over them those that the guest gave. Guests do not use what is behind: Linux gives AMX only to
 * processes that ask for it.
 *
 * Declarations instead of headers, so that a compiler without the C library's development files is enough.
 */
struct iovec {
  void *base;
  unsigned long length;
};

enum { SYS_PTRACE = 101, PTRACE_GETREGSET = 0x4204, PTRACE_SETREGSET = 0x4205, NT_X86_XSTATE = 0x202 };

long syscall(long number, ...);
void *memcpy(void *to, const void *from, unsigned long length);

long ptrace(int request, int pid, unsigned long address, void *data) {
  /* The guest's kernel is one thread. The size is above what any processor of 2026 has (about 11 KiB). */
  static unsigned char registers[65536] __attribute__((aligned(64)));
  struct iovec whole = {registers, sizeof registers};
  const struct iovec *given = data;
  unsigned long word;
  long result;

  if (request >= 1 && request <= 3) { /* PTRACE_PEEK…: the C library returns the word that the kernel stores */
    result = syscall(SYS_PTRACE, request, pid, address, &word);
    return result < 0 ? result : (long)word;
  }
  result = syscall(SYS_PTRACE, request, pid, address, data);
  if (result == 0 || request != PTRACE_SETREGSET || address != NT_X86_XSTATE) return result;
  if (syscall(SYS_PTRACE, PTRACE_GETREGSET, pid, address, &whole) != 0 || whole.length <= given->length) return result;
  memcpy(registers, given->base, given->length);
  return syscall(SYS_PTRACE, PTRACE_SETREGSET, pid, address, &whole);
}
