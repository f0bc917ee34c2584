/** What one run of one candidate cost, as the guest tells it, a line of JSON each. */
export interface Sample {
  readonly workload: string;
  readonly candidate: string;
  /** Microseconds of processor time; under `-icount`, thousandths of a million instructions. */
  readonly user: number;
  readonly system: number;
  readonly wall: number;
  /** KiB at the most. */
  readonly memory: number;
  readonly status: number;
  /** The table afterwards, from the kernel, in one line. */
  readonly table: string;
  /** A digest of what it printed, its lines sorted; the same for all whose layout is the same. */
  readonly output: string;
  /** With strace: all system calls, those on netlink sockets, and those of these that send. */
  readonly calls?: { readonly all: number; readonly netlink: number; readonly sends: number };
}

/** What the guest is asked to measure. */
export interface Order {
  readonly workloads: readonly string[];
  readonly scale: boolean;
  /** Tables of `--scale` are divided by this. */
  readonly part: number;
  readonly rounds: number;
  readonly drivers: readonly string[];
  readonly candidates: readonly string[];
  readonly strace: boolean;
}
