import { argumentsOf } from '../argument-checks.js';
import { ERRNO, NetlinkClient, NetlinkError, type Request, SOCKET, type Transport } from '@ipvs-ts/netlink';
import { addressesRequest, GETADDR, type InterfaceAddress } from './address.js';
import { ROUTE } from './family.js';
import { GETLINK, type Link, linksRequest } from './link.js';
import { GETNEIGH, type Neighbour, neighboursRequest } from './neighbour.js';
import { gatewayLinksRequest, GETROUTE, GETROUTES, type Route, routeRequest } from './route.js';

/** How often to repeat a dump that changes of the table interrupt. */
const ATTEMPTS = 10;

/** The type of route for each error of a look-up. */
const NO_ROUTE: Readonly<Record<number, Route['type']>> = {
  [ERRNO.ENETUNREACH]: 'unreachable',
  [ERRNO.EHOSTUNREACH]: 'unreachable',
  [ERRNO.EACCES]: 'prohibit',
  [ERRNO.EINVAL]: 'blackhole',
};

/** The network of one namespace, as the kernel sees it. Reading needs no privilege. */
export class Network {
  readonly #client: NetlinkClient;

  private constructor(client: NetlinkClient) {
    this.#client = client;
    client.know(ROUTE, [GETLINK, GETADDR, GETROUTE, GETROUTES, GETNEIGH]);
  }

  /**
   * Opens it. `netns` is the path of a network namespace, such as `/run/netns/blue`; the process's own if absent.
   * `transport` is a way to another kernel, such as a test double.
   *
   * @throws NetlinkError ERR_NETLINK_PLATFORM, ERR_NETLINK_NO_FFI, ERR_NETLINK_NETNS, ERR_NETLINK_SYSCALL
   */
  static open(options: { netns?: string | undefined; transport?: Transport | undefined } = {}): Network {
    argumentsOf.object('options', options);
    const { netns, transport } = options;
    return new Network(
      transport === undefined
        ? NetlinkClient.open({ netns, protocol: SOCKET.NETLINK_ROUTE })
        : new NetlinkClient(transport),
    );
  }

  /** The interfaces. */
  async links(): Promise<Link[]> {
    return this.#dump(linksRequest);
  }

  /** Their addresses. */
  async addresses(): Promise<InterfaceAddress[]> {
    return this.#dump(addressesRequest);
  }

  /** The neighbours that the kernel knows. */
  async neighbours(): Promise<Neighbour[]> {
    const all = await this.#dump(neighboursRequest);
    return all.filter((neighbour) => neighbour !== undefined);
  }

  /**
   * The route of a packet to an address, with a firewall mark if one is passed. Throws `RangeError` for an invalid
   * address.
   */
  async route(destination: string, options: { readonly mark?: number } = {}): Promise<Route> {
    argumentsOf.object('options', options);
    const { mark } = options;
    if (mark !== undefined) argumentsOf.integer('options.mark', mark, 0, 0xffff_ffff);
    try {
      return await this.#client.do(routeRequest(destination, mark));
    } catch (error) {
      const type = NetlinkError.is(error) ? NO_ROUTE[error.errno ?? 0] : undefined;
      if (type === undefined) throw error;
      return { type };
    }
  }

  /** The indexes of the interfaces of IPv4 routes with a gateway. */
  async gatewayLinks(): Promise<ReadonlySet<number>> {
    return new Set((await this.#dump(gatewayLinksRequest)).flat());
  }

  /** Closes the socket. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  async #dump<T>(make: () => Request<T>): Promise<T[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#client.dump(make());
      } catch (error) {
        if (attempt === ATTEMPTS || !NetlinkError.is(error, 'ERR_NETLINK_DUMP_INTERRUPTED')) throw error;
      }
    }
  }
}
