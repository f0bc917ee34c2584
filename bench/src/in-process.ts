/** The cost of the library inside a running process, without a kernel: nanoseconds and memory. */
import { bench, run } from 'mitata';
import { calls, type DesiredState, type DesiredService, Ipvs, IpvsSync } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { transportOf } from '@ipvs-ts/netlink/testing';
import { request, Writer } from '@ipvs-ts/netlink';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';
import { CostlessKernel } from './costless-kernel.js';
import { Replay } from './replay.js';
import { sizeName } from './workloads.js';

/** An hour of a watch at one tick a second, without the pauses. */
const TICKS = 3600;
const WATCHED = { services: 1000, destinations: 4 };

function fill(ipvs: IpvsSync, services: number, destinations: number): void {
  ipvs.batch(
    Array.from({ length: services }, (_, index) => {
      const key = `tcp:10.0.${index >> 8}.${index & 255}:80`;
      return [
        calls.addService(key),
        ...Array.from({ length: destinations }, (_each, at) =>
          calls.addDestination(key, `172.16.0.${at + 1}:8080`, { forwarding: 'masq' }),
        ),
      ];
    }).flat(),
  );
}

/** The same table as a document. */
function desired(services: number, destinations: number): DesiredState {
  const document: Record<string, DesiredService> = {};
  for (let index = 0; index < services; index++) {
    const names = Array.from({ length: destinations }, (_, at) => `172.16.0.${at + 1}:8080`);
    document[`tcp:10.0.${index >> 8}.${index & 255}:80`] = {
      destinations: Object.fromEntries(names.map((name) => [name, { forwarding: 'masq' as const }])),
    };
  }
  return { services: document };
}

/** A client of a table whose answers are recorded, and the recording. */
function recorded(services: number, destinations: number): { ipvs: IpvsSync; replay: Replay } {
  const kernel = new IpvsKernel({ module: 'loaded' });
  const filler = IpvsSync.open({ transport: doubleTransportSync(kernel, 8192) });
  fill(filler, services, destinations);
  const replay = new Replay(doubleTransportSync(kernel, 8192));
  const ipvs = IpvsSync.open({ transport: replay });
  return { ipvs, replay };
}

/** Each run sends the same requests, so each is answered from the recording of the first. */
function again<T>({ ipvs, replay }: ReturnType<typeof recorded>, ask: (ipvs: IpvsSync) => T): () => T {
  replay.forget();
  ask(ipvs);
  return () => {
    replay.rewind();
    return ask(ipvs);
  };
}

const call = calls.addDestination('tcp:10.0.0.1:80', '172.16.0.1:8080', { forwarding: 'masq' });
const writer = new Writer();
const families = { name: 'IPVS', id: 30, version: 1 };
const one = request(families, call.operation, call.values);
bench('make the call of one destination', () =>
  calls.addDestination('tcp:10.0.0.1:80', '172.16.0.1:8080', { forwarding: 'masq' }),
);
bench('encode one destination', () => {
  writer.clear();
  one.operation.request.encode(writer, one.values);
});
bench(
  'services() of 1000, decoded',
  again(recorded(1000, 0), (ipvs) => ipvs.services()),
);
bench(
  'destinations() of 250, decoded',
  again(recorded(1, 250), (ipvs) => ipvs.destinations('tcp:10.0.0.0:80')),
);
bench(
  'table() of 1000x4',
  again(recorded(1000, 4), (ipvs) => ipvs.table()),
);
bench(
  'plan() of an equal table of 1000x4',
  again(recorded(1000, 4), (ipvs) => ipvs.plan(desired(1000, 4))),
);
await run({ colors: false });

const collect = globalThis.gc ?? (() => undefined);
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const large = recorded(10_000, 4);
const before = heap();
const table = again(large, (ipvs) => ipvs.table())();
process.stdout.write(
  `\na table of 10000x4 as objects: ${(heap() - before).toFixed(0)} MB (${table.length} services)\n`,
);

const watched = await Ipvs.open({ transport: transportOf(new CostlessKernel(WATCHED)) });
let tick = 0;
let early = 0;
for await (const _ of watched.watch({ interval: 1 })) {
  tick += 1;
  if (tick === TICKS / 10) early = heap();
  if (tick === TICKS) break;
}
process.stdout.write(
  `watch of ${sizeName(WATCHED)}: ${early.toFixed(1)} MB after ${TICKS / 10} ticks, ${heap().toFixed(1)} MB after ${TICKS}\n`,
);
await watched.close();
