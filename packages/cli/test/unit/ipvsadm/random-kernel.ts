/** Kernels in memory with random tables, and answers that are unusual. */
import fc from 'fast-check';
import { type Call, IpvsSync, type ServiceOptions } from '@ipvs-ts/ipvs';
import { IpvsKernel, type IpvsKernelOptions } from '@ipvs-ts/ipvs/testing';
import { makeCalls } from '@ipvs-ts/ipvs/verbs-sync';
import type { TransportSync } from '@ipvs-ts/netlink';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';

const calls = makeCalls('kernel');

/** A kernel after those calls that it takes. */
export function kernelOf(batch: readonly Call[], options: IpvsKernelOptions = {}): IpvsKernel {
  const kernel = new IpvsKernel({ module: 'loaded', ...options });
  IpvsSync.open({ transport: doubleTransportSync(kernel), checks: 'kernel' }).batch(batch);
  return kernel;
}

const octets = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 255 })));
// Near each other, mostly: listings have no order where addresses lie far apart.
const ipv4 = fc.oneof(
  { weight: 4, arbitrary: octets.map(([, , c, d]) => `10.1.${c}.${d}`) },
  { weight: 1, arbitrary: octets.map((all) => all.join('.')) },
);
const group = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
);
const hex = (number: number): string => number.toString(16);
const ipv6 = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(9), fc.nat(0xffff)).map((groups) => `2001:db8::${groups.map(hex).join(':')}`),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(...Array.from({ length: 8 }, () => group)).map((groups) => groups.map(hex).join(':')),
  },
  { weight: 1, arbitrary: ipv4.map((address) => `::ffff:${address}`) },
  { weight: 1, arbitrary: ipv4.map((address) => `::${address}`) },
);
const port = fc.integer({ min: 1, max: 65_535 });
const endpoint4 = fc.record({ address: ipv4, port });
const endpoint6 = fc.record({ address: ipv6, port });
const protocol = fc.constantFrom('tcp', 'udp', 'sctp');
const bracketed = ({ address, port: number }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${number}` : `${address}:${number}`;

const mark = fc.integer({ min: 1, max: 0xffff_ffff });
const services = {
  ipv4: fc.tuple(protocol, endpoint4).map(([kind, endpoint]) => `${kind}:${bracketed(endpoint)}`),
  ipv6: fc.tuple(protocol, endpoint6).map(([kind, endpoint]) => `${kind}:${bracketed(endpoint)}`),
  marks: fc.tuple(fc.constantFrom('fwmark', 'fwmark6'), mark).map((all) => all.join(':')),
};
const service = fc.oneof(
  { weight: 4, arbitrary: services.ipv4 },
  { weight: 4, arbitrary: services.ipv6 },
  { weight: 1, arbitrary: services.marks },
);

const flags = ['flag-1', 'flag-2', 'flag-3'] as const;
const settings = fc.record({
  scheduler: fc.constantFrom('rr', 'wlc', 'sh', 'lblcr', 'mh', 'none'),
  flags: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([...flags]) },
  ),
  onePacket: fc.boolean(),
  persistence: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({
        timeout: fc.constantFrom(0, 1, 300, 2_678_400),
        netmask: fc.constantFrom(undefined, 24, 32, 96, 128, 1),
        engine: fc.constantFrom(undefined, 'sip'),
      }),
    },
  ),
});

type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const count = fc.oneof(
  fc.bigInt({ min: 0n, max: 200n }),
  fc
    .integer({ min: 1, max: 19 })
    .chain((digits) => fc.bigInt({ min: 10n ** BigInt(digits) - 2n, max: 10n ** BigInt(digits) + 1n })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);
const rate = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 99_999_998, max: 100_000_001 }),
  fc.maxSafeInteger().map(Math.abs),
);
const few = fc.integer({ min: 0, max: 0xffff_ffff });
const countersOf = <T>(
  of: fc.Arbitrary<T>,
): fc.Arbitrary<Record<'connections' | 'inPackets' | 'outPackets' | 'inBytes' | 'outBytes', T>> =>
  fc.record({ connections: of, inPackets: of, outPackets: of, inBytes: of, outBytes: of });
const traffic = fc.option(
  fc.record({
    stats: countersOf(count),
    rates: countersOf(rate),
    activeConnections: few,
    inactiveConnections: few,
    persistentConnections: few,
  }),
  { nil: undefined },
);

const tunnel = fc.constantFrom(
  { tunnelType: 0, tunnelPort: 0, tunnelFlags: 0 },
  { tunnelType: 1, tunnelPort: 6080, tunnelFlags: 0 },
  { tunnelType: 1, tunnelPort: 65_535, tunnelFlags: 1 },
  { tunnelType: 1, tunnelPort: 1, tunnelFlags: 2 },
  { tunnelType: 2, tunnelPort: 0, tunnelFlags: 0 },
  { tunnelType: 2, tunnelPort: 0, tunnelFlags: 1 },
);
const destination = fc.record({
  forwarding: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 4, max: 7 }) },
  ),
  tunnel,
  weight: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(999_999, 1_000_000, 2_147_483_647)),
  upperThreshold: fc.constantFrom(0, 1, 2_147_483_647),
  lowerThreshold: fc.constantFrom(0, 1),
  traffic,
});
/** Of both families in one service, rarely. */
const destinations = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.tuple(endpoint4, destination), { maxLength: 6 }) },
  { weight: 5, arbitrary: fc.array(fc.tuple(endpoint6, destination), { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.tuple(fc.oneof(endpoint4, endpoint6), destination), { maxLength: 6 }) },
);

/** Kernels with tables of anything that a kernel takes, with counters of all sizes. */
export const kernels: fc.Arbitrary<() => IpvsKernel> = fc
  .record({
    entries: fc.array(fc.tuple(service, settings, traffic, destinations), { maxLength: 8 }),
    machine: fc.constantFrom('x86-64', 'uml'),
    kernel: fc.constantFrom('5.10', '6.1', '7.2'),
    chunkBytes: fc.constantFrom(1, 4000, 32_448),
  })
  .map(({ entries, ...options }) =>
    Object.assign(
      () => {
        const kernel = kernelOf(
          entries.flatMap(([name, set, , servers]) => [
            calls.addService(name, fitting(name, set)),
            ...servers.map(([key, { tunnel: wire, traffic: _, forwarding, ...rest }]) => {
              const call = calls.addDestination(name, key, { forwarding: 'tunnel', ...rest });
              return {
                ...call,
                values: { ...call.values, destination: { ...call.values.destination, ...wire, forwarding } },
              };
            }),
          ]),
          options,
        );
        for (const [name, , seen, servers] of entries) {
          counted(kernel, name, undefined, seen && { stats: seen.stats, rates: seen.rates });
          for (const [key, { traffic: own }] of servers) counted(kernel, name, bracketed(key), own);
        }
        return kernel;
      },
      { [fc.toStringMethod]: () => fc.stringify({ entries, ...options }) },
    ),
  );

/** IPv4 has shorter netmasks. */
function fitting(name: string, { persistence, ...rest }: Settings): ServiceOptions {
  const short = !name.includes('[') && !name.startsWith('fwmark6') && (persistence?.netmask ?? 0) > 32;
  return { ...rest, persistence: persistence && { ...persistence, ...(short && { netmask: 32 }) } };
}

/** Counts for what the kernel has taken. */
function counted(
  kernel: IpvsKernel,
  name: string,
  server: string | undefined,
  seen: object | undefined,
): void {
  try {
    if (seen !== undefined) kernel.count(name, server, seen);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

/** A change of a message of a dump: of the attributes in its nest. */
export type Edit = (attributes: Buffer[]) => Buffer[];

function attribute(type: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc((payload.length + 7) & ~3);
  bytes.writeUInt16LE(payload.length + 4, 0);
  bytes.writeUInt16LE(type, 2);
  payload.copy(bytes, 4);
  return bytes;
}

/** The commands of answers. */
const COMMANDS = [
  calls.services(),
  calls.addService('tcp:192.0.2.1:1'),
  calls.addDestination('tcp:192.0.2.1:1', '192.0.2.1:1'),
].map(({ operation }) => operation.command);

const typeOf = (bytes: Buffer): number => bytes.readUInt16LE(2) & 0x3fff;

/** Attributes that are absent, unknown, twice there, shorter, longer, of another order, or of another value. */
export const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.integer({ min: 1, max: 15 }).map(
    (type): Edit =>
      (all) =>
        all.filter((each) => typeOf(each) !== type),
  ),
  fc.constant<Edit>((all) =>
    all.filter((each) => ![11, 12, 13, 14, 15].includes(typeOf(each)) || typeOf(each) === 12),
  ),
  fc.tuple(fc.integer({ min: 16, max: 300 }), fc.uint8Array({ maxLength: 9 }), fc.nat(20)).map(
    ([type, payload, at]): Edit =>
      (all) =>
        all.toSpliced(at % (all.length + 1), 0, attribute(type, Buffer.from(payload))),
  ),
  fc.nat(20).map((at): Edit => (all) => [...all, ...all.slice(at % (all.length + 1)).slice(0, 1)]),
  fc.constant<Edit>((all) => all.toReversed()),
  fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 0, max: 24 })).map(
    ([type, length]): Edit =>
      (all) =>
        all.map((each) =>
          typeOf(each) === type
            ? attribute(
                each.readUInt16LE(2),
                Buffer.concat([each.subarray(4), Buffer.alloc(24)]).subarray(0, length),
              )
            : each,
        ),
  ),
  fc.tuple(fc.integer({ min: 1, max: 15 }), fc.nat(200), fc.nat(255)).map(
    ([type, place, value]): Edit =>
      (all) =>
        all.map((each) => {
          if (typeOf(each) !== type) return each;
          const copy = Buffer.from(each);
          if (copy.length > 4) copy[4 + (place % (copy.length - 4))] = value;
          return copy;
        }),
  ),
);

/** The messages of dumps as `edit` changes them; `every`: only each so many-th. */
export function editing(inner: TransportSync, edit: Edit, every: number): TransportSync {
  let seen = 0;
  return {
    capacity: inner.capacity,
    send: (bytes) => inner.send(bytes),
    receive: () => {
      const datagram = inner.receive();
      return (
        datagram &&
        Uint8Array.from(
          Buffer.concat(
            messages(datagram).map((each) =>
              hasNest(each) && seen++ % every === 0 ? edited(each, edit) : each,
            ),
          ),
        )
      );
    },
    close: () => inner.close(),
  };
}

function messages(datagram: Uint8Array): Buffer[] {
  const bytes = Buffer.from(datagram);
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + ((bytes.readUInt32LE(at) + 3) & ~3);
    all.push(bytes.subarray(at, end));
    at = end;
  }
  return all;
}

/** Whether it describes a service or a destination. */
function hasNest(message: Buffer): boolean {
  return message.readUInt16LE(4) >= 16 && COMMANDS.includes(message.readUInt8(16)) && message.length > 24;
}

function edited(message: Buffer, edit: Edit): Buffer {
  const inside: Buffer[] = [];
  for (let at = 24; at < message.length;) {
    const end = at + ((message.readUInt16LE(at) + 3) & ~3);
    inside.push(message.subarray(at, end));
    at = end;
  }
  const nest = Buffer.concat(edit(inside));
  const result = Buffer.concat([message.subarray(0, 24), nest]);
  result.writeUInt32LE(result.length, 0);
  result.writeUInt16LE(nest.length + 4, 20);
  return result;
}
