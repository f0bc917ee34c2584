/**
 * The C library's names for addresses and ports: `/etc/hosts`, `/etc/services`, then whatever `nsswitch.conf` says.
 * Each look-up may block, DNS look-ups for seconds.
 */
export interface NameService {
  /** `gethostbyname(3)`: the first IPv4 address of `name`, as text. */
  hostByName(name: string): string | undefined;
  /** `gethostbyaddr(3)`: the name of an address given as its 4 or 16 bytes. */
  hostByAddress(address: Uint8Array): string | undefined;
  /** `getservbyname(3)`: a port, by name or alias and protocol (`tcp`, `udp`, `sctp`). */
  serviceByName(name: string, protocol: string): number | undefined;
  /** `getservbyport(3)`: the name of a port. */
  serviceByPort(port: number, protocol: string): string | undefined;
}
