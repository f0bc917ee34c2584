/** A Unix datagram socket that receives: Node has none. */
import koffi from 'koffi';

const libc = koffi.load(null);
const socket = libc.func('int socket(int domain, int type, int protocol)');
const bind = libc.func('int bind(int fd, const uint8_t *address, uint32_t length)');
const recv = libc.func('int64_t recv(int fd, uint8_t *buffer, size_t length, int flags)');
const close = libc.func('int close(int fd)');

const [AF_UNIX, SOCK_DGRAM, MSG_DONTWAIT] = [1, 2, 0x40];

/** Receives datagrams at a path, or at `@name`, until it is closed. */
export class DatagramReceiver {
  readonly #fd: number;

  constructor(address: string) {
    const path = address.startsWith('@') ? `\0${address.slice(1)}` : `${address}\0`;
    const name = Buffer.concat([Buffer.from(Uint16Array.of(AF_UNIX).buffer), Buffer.from(path)]);
    this.#fd = socket(AF_UNIX, SOCK_DGRAM, 0) as number;
    if ((bind(this.#fd, name, name.length) as number) < 0) throw new Error(`cannot bind ${address}`);
  }

  /** The datagrams that have arrived. */
  read(): string[] {
    const all: string[] = [];
    const buffer = Buffer.alloc(65_536);
    for (;;) {
      const length = Number(recv(this.#fd, buffer, buffer.length, MSG_DONTWAIT));
      if (length < 0) return all;
      all.push(buffer.toString('utf8', 0, length));
    }
  }

  close(): void {
    close(this.#fd);
  }
}
