import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { calls, Ipvs, IpvsError } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { Transport } from '@ipvs-ts/netlink';
import { doubleTransportSync, transportOf } from '@ipvs-ts/netlink/testing';

const SERVICES = 40;
const key = (index: number): string => `tcp:192.0.2.${index}:80`;

/** Keeps the processor busy for some milliseconds. */
function work(milliseconds: number): void {
  for (const start = performance.now(); performance.now() - start < milliseconds;);
}

/** A client of a kernel with {@link SERVICES} services, each of whose answers takes half a slice of the event loop. */
async function opened(log: string[] = [], name = ''): Promise<Ipvs> {
  const inner = transportOf(doubleTransportSync(new IpvsKernel({ module: 'loaded' })));
  let isLazy = false;
  const transport: Transport = {
    ...inner,
    send: (bytes, slow) => {
      if (isLazy) work(0.5);
      log.push(name);
      return inner.send(bytes, slow);
    },
  };
  const ipvs = await Ipvs.open({ transport });
  await ipvs.batch(
    Array.from({ length: SERVICES }, (_, index) => [
      calls.addService(key(index)),
      calls.addDestination(key(index), '10.0.0.1:80'),
    ]).flat(),
  );
  isLazy = true;
  log.length = 0;
  return ipvs;
}

/** The length of the longest run of the same text. */
function longestRun(log: readonly string[]): number {
  let longest = 0;
  let run = 0;
  for (const [index, each] of log.entries()) {
    run = each === log[index - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );
}

describe('procedures of a session', () => {
  it('let the event loop turn each millisecond', async () => {
    const ipvs = await opened();
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) globalThis.setImmediate(count);
    };
    count();
    try {
      expect(await ipvs.table()).to.have.length(SERVICES);
    } finally {
      isOver = true;
    }
    // Two requests at least fill a slice.
    expect(turns).to.be.at.least(SERVICES / 3);
    await ipvs.close();
  });

  it('share the event loop fairly, those of one client and those of several', async () => {
    const log: string[] = [];
    const [one, other] = [await opened(log, 'one'), await opened(log, 'other')];
    await Promise.all([one.table(), other.table()]);
    expect(log).to.have.length(2 * (SERVICES + 1));
    expect(longestRun(log.slice(0, -8)), log.join(' ')).to.be.at.most(4);

    const ends: string[] = [];
    const ended = (name: string) => () => ends.push(name);
    await Promise.all([
      one.table().then(ended('first')),
      one.table().then(ended('second')),
      one.services().then(ended('short')),
      one.info().then(ended('shorter')),
    ]);
    expect(ends.slice(0, 2)).to.have.members(['short', 'shorter']);
    await Promise.all([one.close(), other.close()]);
  });

  it('execute calls that were not waited for in their order', async () => {
    const ipvs = await opened();
    const table = ipvs.table();
    await setImmediate();
    const listed = ipvs.services();
    const flushed = ipvs.flush();
    const after = ipvs.services();
    expect(await listed).to.have.length(SERVICES);
    await flushed;
    expect(await after).to.deep.equal([]);
    // A service that is deleted during the reading is omitted.
    expect((await table).length).to.be.at.most(SERVICES);
    await ipvs.close();
  });

  it('reject with the reason of a signal in the middle', async () => {
    const log: string[] = [];
    const ipvs = await opened(log);
    const controller = new AbortController();
    const table = failure(ipvs.table({ signal: controller.signal }));
    await setImmediate();
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await table).to.equal(reason);
    expect(log.length).to.be.below(SERVICES);
    expect(await ipvs.services()).to.have.length(SERVICES);
    await ipvs.close();
  });

  it('reject with ERR_IPVS_CLOSED in the middle', async () => {
    const ipvs = await opened();
    const table = failure(ipvs.table());
    await setImmediate();
    await ipvs.close();
    const error = await table;
    expect(IpvsError.is(error, 'ERR_IPVS_CLOSED'), String(error)).to.equal(true);
  });
});
