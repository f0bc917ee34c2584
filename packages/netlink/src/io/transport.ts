import { performance } from 'node:perf_hooks';
import type { NetlinkSocket } from './socket.js';
import { ThreadUse } from './thread-use.js';
import type { TransportSync } from './transport-sync.js';

/** The asynchronous twin of {@link TransportSync}. What need not wait returns without a promise. */
export interface Transport {
  /** How many answers may be unread at once without one being dropped. */
  readonly capacity: number;
  /** The sequence number that a client starts with; 1 if absent, as for a double. Sockets have a random one. */
  readonly firstSeq?: number | undefined;
  /**
   * Hands over requests. When it returns, or resolves, all their answers can be received, and nothing else is on its way.
   * `slow` says whether the kernel may take milliseconds for them; it may if this is absent.
   */
  send(bytes: Uint8Array, slow?: boolean): Promise<void> | undefined;
  /**
   * The next datagram, valid until the next call; nothing when there is none. Throws or rejects with ERR_NETLINK_OVERRUN,
   * once, when answers were dropped. `working` says that the kernel may have work to do first, as it has in a dump.
   */
  receive(working: boolean): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** Ends it; what is called later fails with ERR_NETLINK_CLOSED. */
  close(): Promise<void>;
}

/** How a transport over a socket measures. */
export interface SocketTransportOptions {
  /** Milliseconds, by which calls are measured; `performance.now` by default. */
  readonly now?: (() => number) | undefined;
}

/**
 * A transport over a socket that holds the event loop no longer than some microseconds. The kernel executes inside `send`
 * and makes the parts of a dump inside `recv`. Where that may be slow it is done on libuv's threads; so are the next
 * hundred sends, and dumps, after a call that took over two milliseconds. Answers that are queued already are received
 * at once.
 */
export function socketTransport(
  socket: NetlinkSocket,
  { now = () => performance.now() }: SocketTransportOptions = {},
): Transport {
  const threads = new ThreadUse();
  return {
    capacity: socket.capacity,
    firstSeq: socket.firstSeq,
    send: (bytes, slow = true) => {
      if (threads.next() || slow) return socket.sendAsync(bytes);
      const start = now();
      socket.send(bytes);
      threads.took(now() - start);
      return undefined;
    },
    receive: (working) => {
      if (!working) return socket.receive();
      if (threads.isWanted) return socket.receiveAsync();
      const start = now();
      const datagram = socket.receive();
      threads.took(now() - start);
      return datagram;
    },
    close: async () => {
      socket.close();
    },
  };
}

/** An asynchronous face for a synchronous transport, such as a test double. */
export function transportOf(transport: TransportSync): Transport {
  return {
    capacity: transport.capacity,
    firstSeq: transport.firstSeq,
    send: (bytes) => {
      transport.send(bytes);
      return undefined;
    },
    receive: () => transport.receive(),
    close: async () => {
      transport.close();
    },
  };
}
