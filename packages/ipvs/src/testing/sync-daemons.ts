import { ERRNO } from '@ipvs-ts/netlink';
import { AF } from '../model/address.js';
import { DAEMON } from '../schema/daemon.js';
import { MESSAGE } from '../schema/message.js';
import type { KernelSettings } from './options.js';
import type { Body } from './result.js';

const MASTER = 1;
const BACKUP = 2;

/** A requested daemon; 0 and absent values take their defaults. */
export interface DaemonRequest {
  readonly state: number;
  readonly interface: string;
  readonly syncId: number;
  readonly maxLength: number;
  readonly family: number;
  readonly group: Uint8Array;
  readonly port: number;
  readonly ttl: number;
}

/** Bytes of the IP and UDP headers of a sync message by address family. */
const HEADERS = { [AF.ipv4]: 28, [AF.ipv6]: 48 } as Readonly<Record<number, number>>;
const DEFAULT_MTU = 1500;
const DEFAULT_PORT = 8848;

/**
 * The sync daemons: at most one master and one backup. Every interface accepts them; errors of a real interface without
 * an address or a route for the group (ENETUNREACH and the like) are not emulated.
 */
export class SyncDaemons {
  readonly #running = new Map<number, DaemonRequest>();
  readonly #settings: KernelSettings;

  constructor(settings: KernelSettings) {
    this.#settings = settings;
  }

  get any(): boolean {
    return this.#running.size > 0;
  }

  /** Starts a daemon; returns an errno or 0. */
  start(request: DaemonRequest): number {
    const { interfaces, ipv6 } = this.#settings;
    const mtu = Object.hasOwn(interfaces, request.interface) ? interfaces[request.interface] : undefined;
    if (mtu === undefined) return ERRNO.ENODEV;
    if (request.state !== MASTER && request.state !== BACKUP) return ERRNO.EINVAL;
    if (this.#running.has(request.state)) return ERRNO.EEXIST;
    if (request.family === AF.ipv6 && !ipv6) return ERRNO.EAFNOSUPPORT;
    this.#running.set(request.state, {
      ...request,
      maxLength: effectiveLength(request, mtu),
      port: request.port || DEFAULT_PORT,
      ttl: request.ttl || 1,
    });
    return 0;
  }

  /** Stops a daemon; returns an errno or 0. */
  stop(state: number): number {
    if (state !== MASTER && state !== BACKUP) return ERRNO.EINVAL;
    return this.#running.delete(state) ? 0 : ERRNO.ESRCH;
  }

  bodies(): Body[] {
    return [MASTER, BACKUP].flatMap((state) => {
      const daemon = this.#running.get(state);
      return daemon === undefined ? [] : [daemonBody(daemon)];
    });
  }
}

/** A master has 1500 bytes by default, a backup the MTU of its interface. */
function effectiveLength({ state, maxLength, family }: DaemonRequest, mtu: number): number {
  const header = HEADERS[family] as number;
  const backup = state === BACKUP;
  if (maxLength === 0) return (backup ? clamp(mtu, DEFAULT_MTU, 0xffff) : DEFAULT_MTU) - header;
  return clamp(maxLength, backup ? 1024 : 1, 0xffff - header);
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(value, minimum), maximum);
}

function daemonBody({ state, syncId, maxLength, family, group, port, ttl, ...rest }: DaemonRequest): Body {
  return {
    command: 9,
    write: (writer) => {
      const nest = writer.beginNest(MESSAGE.attributes.daemon.number);
      DAEMON.encode(writer, {
        state,
        interface: rest.interface,
        syncId,
        maxLength,
        port,
        ttl,
        ...(family === AF.ipv6 ? { group6: group } : { group }),
      });
      writer.endNest(nest);
    },
  };
}
