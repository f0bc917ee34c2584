/**
 * How packets reach a destination. `masq`: rewritten, with replies through the director (LVS-NAT). `route`: unchanged,
 * on the same link (LVS-DR). `tunnel`: encapsulated (LVS-TUN). `local`: to the director itself. `bypass`: to the
 * original address. The kernel stores `method-5` to `method-7`, which have no meaning.
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
