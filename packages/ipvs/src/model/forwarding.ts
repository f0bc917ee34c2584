/**
 * How packets reach a destination. `masq`: rewritten, and replies come back through the director (LVS-NAT). `route`:
 * as they are, on the same wire (LVS-DR). `tunnel`: wrapped (LVS-TUN). `local`: to the director itself. `bypass`: to
 * the original address. `method-5` to `method-7` are stored by the kernel and mean nothing.
 */
export type Forwarding = 'masq' | 'local' | 'tunnel' | 'route' | 'bypass' | `method-${number}`;

/** `IP_VS_CONN_F_*`, in the order of their numbers. */
export const FORWARDING = ['masq', 'local', 'tunnel', 'route', 'bypass'] as const;

/** The bits of the kernel's word that hold the number. */
export const FORWARDING_MASK = 7;

/** The name of a forwarding method number. */
export function forwardingName(number: number): Forwarding {
  return FORWARDING[number] ?? `method-${number}`;
}
