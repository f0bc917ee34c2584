import { argumentsOf } from '../argument-checks.js';
import type { Check } from './check.js';

/** A check of one address and port, which the engine runs. Services with equal checks share one. */
export interface Probe {
  /** Two probes are the same if and only if their keys are equal. */
  readonly key: string;
  readonly check: Check;
  /** IPv4 or IPv6 address, without brackets. */
  readonly address: string;
  /** 0 for types without ports, such as ping. */
  readonly port: number;
  /** The Host header and SNI if the check does not set `host`: the virtual address, in brackets if IPv6. */
  readonly virtualHost: string;
}

/** Types that use the virtual address if `host` is not set. */
const NAMES_HOST = new Set(['http', 'https']);

/** The probe of `check` for a destination of a service at `virtualAddress` (undefined for firewall marks). */
export function probeOf(
  check: Check,
  destination: { readonly address: string; readonly port: number },
  virtualAddress: string | undefined,
): Probe {
  argumentsOf.is('check', check, 'object');
  argumentsOf.is('destination', destination, 'object');
  const address = destination.address;
  const port = check.port ?? destination.port;
  const bracketed = (text: string): string => (text.includes(':') ? `[${text}]` : text);
  const virtualHost = NAMES_HOST.has(check.type) ? bracketed(virtualAddress ?? address) : '';
  const { name: _, ...rest } = check;
  return {
    key: JSON.stringify([address, port, virtualHost, canonical(rest)]),
    check,
    address,
    port,
    virtualHost,
  };
}

/** The same data with sorted names, so that equal data has the same text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, canonical(each)]));
}
