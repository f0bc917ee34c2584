/** The cost of one run of one candidate, as the guest reports it: a line of JSON each. */
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
  /** The table after the run, from the kernel, in one line. */
  readonly table: string;
  /** A digest of the output, its lines sorted: equal for all candidates with the same layout. */
  readonly output: string;
  /** With strace: all system calls, those on netlink sockets, and those of the latter that send. */
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
