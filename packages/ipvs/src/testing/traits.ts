/** Kernel series whose behaviour was measured. A kernel between two of them behaves as the lower one. */
export type KernelSeries = '5.10' | '6.1' | '6.12' | '7.2';

/** Stock Debian kernels for x86-64, and user-mode Linux of the same series. */
export type Machine = 'x86-64' | 'uml';

/** Differences between kernels that a client can see. */
export interface Traits {
  /** Number of the family after boot; one higher each time the module is loaded again. */
  readonly familyId: number;
  /** Ticks per second: persistence timeouts are stored in ticks of 32 bits and wrap around. */
  readonly hz: number;
  /** Whether an empty PAD attribute precedes 64-bit values that would not be aligned otherwise. */
  readonly pads: boolean;
  /** Whether looking the family up loads the module. */
  readonly autoload: boolean;
  /** Flags of GET_DEST and GET_DAEMON in the description of the family. */
  readonly dumpOnlyFlags: number;
  /** Whether upper thresholds above 2147483647 are rejected. */
  readonly limitsThresholds: boolean;
  /** Whether fwmark services and the others share one table, which is created again after it was empty. */
  readonly oneTable: boolean;
  /** Whether the connection table grows with the connections of the namespace. */
  readonly growingConnections: boolean;
  /** Whether the scheduler `twos` was built. */
  readonly twos: boolean;
}

const BASE: Traits = {
  familyId: 32,
  hz: 250,
  pads: false,
  autoload: true,
  dumpOnlyFlags: 0x0d,
  limitsThresholds: true,
  oneTable: false,
  growingConnections: false,
  twos: false,
};
const UML = { hz: 100, pads: true, limitsThresholds: false, twos: false } as const;
const NEWER = { ...BASE, dumpOnlyFlags: 0x05, twos: true } as const;
const NEWEST = { ...NEWER, familyId: 37, oneTable: true, growingConnections: true } as const;

/**
 * 5.10.223 and 5.10.46, 6.1.192 and 6.1.176, 6.12.107 and 6.12.101, 7.2.13 and 7.2.7. The limit of thresholds depends
 * on these point releases, not on the machine: 6.1.176 for x86-64 has none either.
 */
export const TRAITS: Readonly<Record<KernelSeries, Readonly<Record<Machine, Traits>>>> = {
  '5.10': {
    'x86-64': { ...BASE, familyId: 29, autoload: false, limitsThresholds: false },
    uml: { ...BASE, ...UML, familyId: 27, autoload: false },
  },
  '6.1': { 'x86-64': BASE, uml: { ...BASE, ...UML, familyId: 28 } },
  '6.12': { 'x86-64': { ...NEWER, familyId: 35 }, uml: { ...NEWER, ...UML, familyId: 30 } },
  '7.2': { 'x86-64': NEWEST, uml: { ...NEWEST, ...UML, familyId: 30, pads: false, limitsThresholds: true } },
};
