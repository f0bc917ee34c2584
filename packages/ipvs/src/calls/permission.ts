import { readFileSync } from 'node:fs';

/** CAP_NET_ADMIN in the capability sets of /proc/self/status. */
const CAP_NET_ADMIN = 1n << 12n;

/** A reason why the kernel answers EPERM. */
export type PermissionProblem = 'capability' | 'user-namespace';

/**
 * Distinguishes a process without CAP_NET_ADMIN from one that has it in a user namespace only (a rootless container).
 * IPVS requires it in the initial user namespace, for any network namespace.
 */
export function permissionProblem(
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): PermissionProblem {
  try {
    const initial = /^\s*0\s+0\s+4294967295\s*$/.test(read('/proc/self/uid_map'));
    const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(read('/proc/self/status'))?.[1] ?? '0';
    const capable = (BigInt(`0x${effective}`) & CAP_NET_ADMIN) !== 0n;
    return initial && !capable ? 'capability' : 'user-namespace';
  } catch {
    return 'capability';
  }
}
