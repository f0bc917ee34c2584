// Preloaded by scripts/rehearsal.js: puts a kernel in memory, with a table of TABLE (services x destinations), in place of the C
// library.
import Module from 'node:module';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { ERRNO } from '@ipvs-ts/netlink';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';

/** More than a listing receives at once. */
const CAPACITY = 8192;

const [services, destinations] = (process.env.TABLE ?? '0x0').split('x').map(Number);
const kernel = new IpvsKernel({ module: 'loaded' });
const ipvs = IpvsVerbsSync.open({ transport: doubleTransportSync(kernel, CAPACITY) });
for (let service = 0; service < services; service++) {
  const key = `tcp:10.0.0.${service}:80`;
  ipvs.addService(key, { scheduler: 'wlc' });
  for (let each = 1; each <= destinations; each++)
    ipvs.addDestination(key, `172.16.0.${each}:8080`, { forwarding: 'masq', weight: 1 });
}

const { send, receive } = doubleTransportSync(kernel, CAPACITY);
let errno = 0;
const functions = {
  socket: () => 3,
  getsockopt: (fd, level, option, value) => {
    value[0] = 8 * 1024 * 1024;
    return 0;
  },
  send: (fd, bytes, length) => {
    send(bytes.subarray(0, length));
    return length;
  },
  recv: (fd, buffer) => {
    const datagram = receive();
    if (datagram === undefined) {
      errno = ERRNO.EAGAIN;
      return -1;
    }
    buffer.set(datagram);
    return datagram.length;
  },
};

function bind(prototype) {
  const call = functions[/(\w+)\(/.exec(prototype)[1]] ?? (() => 0);
  const async = (...values) => {
    const done = values.pop();
    const result = call(...values);
    setImmediate(() => done(null, result));
  };
  return Object.assign((...values) => call(...values), { async });
}

const { dependencies } = JSON.parse(
  (await import('node:fs')).readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const koffi = { version: dependencies.koffi, errno: () => errno, load: () => ({ func: bind }) };
const load = Module._load;
Module._load = (name, ...rest) => (name.includes('koffi') ? koffi : load(name, ...rest));
