import { expect } from 'chai';
import { calls, type Destination, type Service } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import {
  type BulkListing,
  type CounterValue,
  IpvsVerbsSync,
  type LinePattern,
} from '@ipvs-ts/ipvs/verbs-sync';
import type { TransportSync } from '@ipvs-ts/netlink';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';
import { largeNumber } from '../../../dist/format/large-number.js';
import { mutate, Random } from '../../fuzz/mutate.js';

const CASES = 4500;
/** A listing remembers every layout that it saw, and has room for some hundred. */
const CASES_A_LISTING = 25;

const NAMES = ['tcp:192.0.2.9:80', 'udp:192.0.2.10:80', 'tcp:[2001:db8::9]:80', 'fwmark:7'];

/** A kernel whose answers to dumps are changed or replaced. */
class Altered implements TransportSync {
  readonly capacity = 8192;
  readonly #inner = doubleTransportSync(filled(), 8192);
  #queue: Uint8Array[] = [];
  alter: ((datagrams: Uint8Array[]) => Uint8Array[]) | undefined;

  send(bytes: Uint8Array): void {
    this.#inner.send(bytes);
    const answers: Uint8Array[] = [];
    for (let next = this.#inner.receive(); next !== undefined; next = this.#inner.receive())
      answers.push(next.slice());
    this.#queue = this.alter?.(answers) ?? answers;
  }

  receive(): Uint8Array | undefined {
    return this.#queue.shift();
  }

  close(): void {
    this.#queue = [];
  }
}

function filled(): IpvsKernel {
  const kernel = new IpvsKernel({ module: 'loaded' });
  const ipvs = IpvsVerbsSync.open({ transport: doubleTransportSync(kernel) });
  for (const [index, scheduler] of ['rr', 'wlc', 'rr', 'sh'].entries()) {
    const name = NAMES[index] as string;
    ipvs.addService(name, { scheduler });
    for (const real of [1, 2, 3])
      ipvs.addDestination(name, name.includes('[') ? `[fd00::${real}]:8080` : `10.0.0.${real}:8080`, {
        forwarding: real === 2 ? 'route' : 'masq',
        weight: real,
      });
  }
  return kernel;
}

/** What a reader makes of the datagrams: lines in order, or an error. */
type Answer = readonly string[] | { readonly error: string };

function ordinary(ipvs: IpvsVerbsSync, what: 'services' | 'destinations', counted: boolean): Answer {
  const options = counted ? {} : ({ counters: false } as const);
  const counts = ({ stats, rates }: Service | Destination): string =>
    counted ? `${largeNumber(stats.outBytes, true)}${largeNumber(rates.inPackets)}` : '';
  try {
    if (what === 'services')
      return ipvs
        .call(calls.services(options))
        .map((service) => `${service.key} ${service.scheduler}${counts(service as Service)}`)
        .sort();
    return ipvs
      .call(calls.destinations(NAMES[0] as string, options))
      .map((one) => `${one.key} ${one.forwarding} ${one.weight}${counts(one as Destination)}`)
      .sort();
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function fast(listing: BulkListing, what: 'services' | 'destinations', index: number): Answer | undefined {
  if (what === 'services') {
    const count = listing.services();
    if (count === undefined) return undefined;
    return Array.from({ length: count }, (_, each) => listing.serviceLine(each).trim()).sort();
  }
  const listed = listing.list(index, () => undefined);
  if (listed === 'refused') return undefined;
  return listing.lines().split('\n').slice(1, -1).sort();
}

function opened(counted: boolean): { altered: Altered; ipvs: IpvsVerbsSync; listing: BulkListing } {
  const altered = new Altered();
  const ipvs = IpvsVerbsSync.open({ transport: altered });
  const counts: LinePattern<CounterValue> = [
    { value: 'outBytes', as: 'full' },
    { value: 'inPacketRate', as: 'scaled' },
  ];
  const listing = ipvs.bulkListing(
    {
      service: [
        {
          either: [
            [
              { value: 'protocol', options: { tcp: 'tcp:', udp: 'udp:', sctp: 'sctp:' } },
              { value: 'service', as: 'endpoint' },
            ],
            [
              { value: 'ipv6', options: { 1: 'fwmark6:' } },
              { value: 'fwmark', as: 'number' },
            ],
            ['fwmark:', { value: 'fwmark', as: 'number' }],
          ],
        },
        ' ',
        { value: 'scheduler', as: 'word' },
        ...(counted ? counts : []),
        '\n',
      ],
      destination: [
        { value: 'destination', as: 'endpoint' },
        ' ',
        { value: 'forwarding', options: Object.fromEntries(FORWARDING.map((name) => [name, name])) },
        ' ',
        { value: 'weight', as: 'number' },
        ...(counted ? counts : []),
        '\n',
      ],
    },
    { sorted: true },
  );
  if (listing === undefined) throw new Error('WebAssembly does not run here');
  return { altered, ipvs, listing };
}

/** The rank of the first of `NAMES`. */
const FIRST = 0;
const FORWARDING = ['masq', 'local', 'tunnel', 'route'];

/** All datagrams in one or each apart, whole or changed somewhere. */
function altering(seed: number): (datagrams: Uint8Array[]) => Uint8Array[] {
  return (datagrams) => {
    const random = new Random(seed);
    const parts: Uint8Array[] =
      random.below(2) === 0
        ? [Uint8Array.from(Buffer.concat(datagrams))]
        : datagrams.map((each) => each.slice());
    const at = random.below(parts.length);
    if (random.below(8) > 0) parts[at] = mutate(random, parts[at] as Uint8Array);
    if (random.below(16) === 0) parts.splice(random.below(parts.length), 1);
    if (random.below(16) === 0) parts.push(mutate(random, parts.at(-1) ?? new Uint8Array(20)));
    return parts;
  };
}

/** The end of a dump, as the ordinary form is changed. */
function endings(datagrams: Uint8Array[]): Uint8Array[][] {
  const rest = datagrams.slice(0, -1);
  const last = datagrams.at(-1) as Uint8Array;
  const done = last.slice(-20);
  const head = last.slice(0, -20);
  const bytes = (change: (view: DataView, bytes: Uint8Array) => Uint8Array | undefined): Uint8Array[] => {
    const copy = Uint8Array.from(done);
    const changed = change(new DataView(copy.buffer), copy) ?? copy;
    return [...rest, Uint8Array.from([...head, ...changed])];
  };
  const lengths = [0, 4, 15, 16, 17, 18, 19, 20, 21, 24, 36, 0xffff].map((length) =>
    bytes((view) => {
      view.setUint32(0, length, true);
      return undefined;
    }),
  );
  const cut = [0, 1, 4, 15, 16, 18, 19].map((length) => bytes((_, copy) => copy.slice(0, length)));
  const behind = [1, 3, 4, 15, 16, 20].map((length) =>
    bytes((_, copy) => Uint8Array.from([...copy, ...Array.from({ length }, () => 0)])),
  );
  const flags = [0, 1, 2, 0x10, 0x12, 0x200, 0x202].map((value) =>
    bytes((view) => {
      view.setUint16(6, value, true);
      return undefined;
    }),
  );
  const statuses = [-16, -4, -1, 1, 4].map((value) =>
    bytes((view) => {
      view.setInt32(16, value, true);
      return undefined;
    }),
  );
  return [
    ...lengths,
    ...cut,
    ...behind,
    ...flags,
    ...statuses,
    bytes((_, copy) => Uint8Array.from([...copy, ...copy])),
  ];
}

describe('the fast reader of dumps and the ordinary one', () => {
  it('read the same wherever the fast one reads at all, whatever the datagrams', function () {
    this.timeout(120_000);
    const seen = { read: 0, left: 0, refused: 0 };
    let pair = [opened(false), opened(false)] as const;
    let counted = false;
    for (let index = 0; index < CASES; index++) {
      if (index % CASES_A_LISTING === 0) {
        counted = !counted;
        pair = [opened(counted), opened(counted)];
      }
      const what = index % 2 === 0 ? 'services' : 'destinations';
      const [one, other] = pair;
      one.altered.alter = other.altered.alter = undefined;
      // The destinations of the first service in order are asked for; the same number of requests keeps both in step.
      if (what === 'destinations')
        expect([one, other].map(({ listing }) => listing.services())).to.deep.equal([4, 4]);
      one.altered.alter = other.altered.alter = altering(index);
      const found = fast(one.listing, what, FIRST);
      const expected = ordinary(other.ipvs, what, counted);
      if (found === undefined) seen.left += 1;
      else seen.read += 1;
      if (found === undefined && 'error' in expected) seen.refused += 1;
      if (found !== undefined) expect(found, `case ${index}`).to.deep.equal(expected);
    }
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).to.be.greaterThan(CASES / 20);
  });

  it('agree on every ending of a dump', () => {
    const count = endings([new Uint8Array(20)]).length;
    for (let index = 0; index < count; index++) {
      const [one, other] = [opened(false), opened(false)];
      one.altered.alter = other.altered.alter = (datagrams) => endings(datagrams)[index] as Uint8Array[];
      const found = fast(one.listing, 'services', 0);
      const expected = ordinary(other.ipvs, 'services', false);
      if (found !== undefined) expect(found, `ending ${index}`).to.deep.equal(expected);
    }
  });
});
