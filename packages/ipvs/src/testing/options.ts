import type { KernelSeries, Machine } from './traits.js';

/** How an {@link IpvsKernel} behaves. Its constructor checks all of it. */
export interface IpvsKernelOptions {
  /** The series to behave like where series differ; `6.1` by default. */
  readonly kernel?: KernelSeries | undefined;
  /** `x86-64` by default; `uml` aligns 64-bit counters as 32-bit machines do and counts 100 ticks a second. */
  readonly machine?: Machine | undefined;
  /**
   * Whether the module ip_vs is `loaded` at the start (the default), can be loaded (`unloaded`: by looking the family
   * up, or by {@link IpvsKernel.modprobe} on 5.10), or is `absent` from the machine.
   */
  readonly module?: 'loaded' | 'unloaded' | 'absent' | undefined;
  /** `false`: the client lacks CAP_NET_ADMIN, and every request to IPVS is answered with EPERM. */
  readonly permission?: boolean | undefined;
  /** `false`: IPv6 is disabled, and whatever names an IPv6 address is answered with EAFNOSUPPORT. */
  readonly ipv6?: boolean | undefined;
  /**
   * `false`: the network namespace has never had an IPv4 address or local route, as a fresh one whose `lo` is down; the
   * kernel then refuses every new IPv4 destination with EINVAL. `true` by default.
   */
  readonly addresses?: boolean | undefined;
  /** Schedulers that can be loaded; those of Debian's kernels by default. */
  readonly schedulers?: readonly string[] | undefined;
  /** Persistence engines that can be loaded; `sip` by default. */
  readonly engines?: readonly string[] | undefined;
  /** Ticks per second, in which persistence timeouts are stored: 250 by default, 100 on `uml`; 1 to 2147483647. */
  readonly hz?: number | undefined;
  /**
   * Whether upper thresholds above 2147483647 are rejected. That depends on the point release: 6.1.192 and 6.12.107
   * reject them, 6.1.176 and 6.12.101 do not. By default as in the point release that everything else was measured on:
   * `true` from 6.1 on, `false` on 5.10 and on `uml` before 7.2.
   */
  readonly limitsThresholds?: boolean | undefined;
  /** Network interfaces and their MTU, 68 to 2147483647 bytes; `{ lo: 65536, eth0: 1500 }` by default. */
  readonly interfaces?: Readonly<Record<string, number>> | undefined;
  /** A monotonic clock in milliseconds; `performance.now` by default. */
  readonly now?: (() => number) | undefined;
  /**
   * Most bytes of one datagram of a dump, 1 to 2147483647; a longer message has a datagram of its own. 32448 by default,
   * as a kernel uses for a socket that has read before.
   */
  readonly chunkBytes?: number | undefined;
  /** Port id of the client's socket, which answers carry, 1 to 4294967295; 4242 by default. */
  readonly portId?: number | undefined;
  /** `true`: DEL_DAEMON stops the daemon and never answers, as happens when its thread had not run yet. */
  readonly loseDaemonAnswers?: boolean | undefined;
}

/** The options with their defaults filled in, except those that change the traits of the kernel. */
export type KernelSettings = {
  readonly [K in Exclude<keyof IpvsKernelOptions, 'hz' | 'limitsThresholds'>]-?: Exclude<
    IpvsKernelOptions[K],
    undefined
  >;
};

const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq', 'fo', 'ovf', 'mh'];

/** Fills in the defaults. `twos`: whether they include that scheduler. */
export function settingsOf(options: IpvsKernelOptions, twos: boolean): KernelSettings {
  const { kernel = '6.1', machine = 'x86-64', module = 'loaded', permission = true } = options;
  const { ipv6 = true, addresses = true } = options;
  const { schedulers = twos ? [...SCHEDULERS, 'twos'] : SCHEDULERS, engines = ['sip'] } = options;
  const { interfaces = { lo: 65536, eth0: 1500 }, now = () => performance.now() } = options;
  const { chunkBytes = 32448, portId = 4242, loseDaemonAnswers = false } = options;
  return {
    kernel,
    machine,
    module,
    permission,
    ipv6,
    addresses,
    schedulers,
    engines,
    interfaces,
    now,
    chunkBytes,
    portId,
    loseDaemonAnswers,
  };
}
