/** A value that nft reads from a packet. */
import type { Packet } from '../firewall/packet.js';

/** How values of a key are compared. */
type Kind = 'address' | 'number' | 'name' | 'flags' | 'protocol';

/**
 * The value of a key for one packet; `absent` if the packet does not have it, so that the rule does not match at all;
 * or why it is not known.
 */
export type Value = { readonly value: string | number | readonly string[] } | 'absent' | 'some' | 'perhaps';

/** A value that can be read from a packet. */
export interface Key {
  readonly kind: Kind;
  readonly read: (packet: Packet) => Value;
  /** The end whose address it is. */
  readonly side?: 'source' | 'destination';
}

/** `some` for a value that a packet leaves open. */
export const orOpen = <T>(value: T | undefined, then: (value: T) => Value): Value =>
  value === undefined ? 'some' : then(value);
export const text = (value: string | undefined): Value => orOpen(value, (known) => ({ value: known }));
/** A number; `client` is the port of a client, as packets have it. */
export const number = (value: number | 'unknown' | 'client' | undefined): Value =>
  value === 'unknown' ? 'perhaps' : orOpen(value, (known) => ({ value: known }));
