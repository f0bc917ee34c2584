/** How often the calling thread has waited in the kernel. */
import { arch, resourceUsage } from 'node:process';
import { bindIfLoaded } from './libc.js';

/** `getrusage(2)` of the calling thread. */
const RUSAGE_THREAD = 1;

/** Architectures on which a `long` has 64 bits. */
const LONG_64 = ['arm64', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Longs of `struct rusage`, with those that a C library reserves, and the place of `ru_nvcsw` among them. */
const USAGE_LONGS = 34;
const VOLUNTARY_SWITCHES = 16;

let read: (() => number) | undefined;

/**
 * How often the calling thread has waited so far: its voluntary context switches. Where a `long` has 32 bits, or this process has not
 * called the C library before, it counts those of the whole process, of which V8's threads make many.
 */
export function threadWaits(): number {
  return (read ??= bind())();
}

function bind(): () => number {
  const getrusage = LONG_64.includes(arch)
    ? bindIfLoaded('int getrusage(int who, uint8_t *usage)')
    : undefined;
  if (getrusage === undefined) return () => resourceUsage().voluntaryContextSwitches;
  const longs = new BigUint64Array(USAGE_LONGS);
  const bytes = new Uint8Array(longs.buffer);
  return () => {
    getrusage(RUSAGE_THREAD, bytes);
    return Number(longs[VOLUNTARY_SWITCHES]);
  };
}
