/**
 * Protocols by name. `protocol-41` and the like are other numbers, which only other tools set: the kernel accepts any
 * number but balances only these three.
 */
export type Protocol = 'tcp' | 'udp' | 'sctp' | `protocol-${number}`;

/** The protocols that IPVS balances, and their IP protocol numbers. */
export const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132 } as const;

/** The name of an IP protocol number. */
export function protocolName(number: number): Protocol {
  if (number === PROTOCOLS.tcp) return 'tcp';
  if (number === PROTOCOLS.udp) return 'udp';
  if (number === PROTOCOLS.sctp) return 'sctp';
  return `protocol-${number}`;
}

/** The number of a protocol name; undefined for any other text. */
export function protocolNumber(name: string): number | undefined {
  if (Object.hasOwn(PROTOCOLS, name)) return PROTOCOLS[name as keyof typeof PROTOCOLS];
  const other = /^protocol-(0|[1-9][0-9]{0,4})$/.exec(name);
  return other !== null && Number(other[1]) <= 0xffff ? Number(other[1]) : undefined;
}
