/**
 * Another process, which has CAP_NET_ADMIN in a user namespace of its own only, and sends datagrams to every socket of
 * its network namespace that it finds in /proc/net/netlink. Arguments: two FIFOs. Reads lines from the first one,
 * `PROTOCOL HEX`, and writes one line for each to the second: what `send` returned for each socket that it found.
 */
import { openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { loadLibc } from '../../../netlink/dist/io/libc.js';

const [, , orders = '', reports = ''] = process.argv;
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const libc = loadLibc();

/** The ports of a protocol's sockets: columns two and three of the list. */
function ports(protocol: number): number[] {
  const lines = readFileSync('/proc/net/netlink', 'utf8').split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, each, port]) => each === protocol && port !== 0)
    .map(([, , port = 0]) => port);
}

function forge(protocol: number, datagram: Uint8Array, port: number): number {
  const address = new Uint8Array(12);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_NETLINK, true);
  view.setUint32(4, port, true);
  const fd = libc.socket(AF_NETLINK, SOCK_RAW, protocol);
  try {
    const connected = libc.connect(fd, address);
    return connected < 0 ? connected : libc.send(fd, datagram, 0);
  } finally {
    libc.close(fd);
  }
}

const input = openSync(orders, 'r');
const output = openSync(reports, 'w');
const buffer = Buffer.alloc(65536);
for (let text = ''; ;) {
  const length = readSync(input, buffer);
  if (length === 0) break;
  text += buffer.toString('latin1', 0, length);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
    const [protocol = '', hex = ''] = text.slice(0, end).split(' ');
    text = text.slice(end + 1);
    const datagram = Buffer.from(hex, 'hex');
    const sent = ports(Number(protocol)).map((port) => forge(Number(protocol), datagram, port));
    writeSync(output, `${sent.join(' ')}\n`);
  }
}
