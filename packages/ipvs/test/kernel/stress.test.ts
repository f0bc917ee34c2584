import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { type Call, calls, Ipvs, IpvsError } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';

const LANES = 50;
const OPERATIONS = 1500;

/** A generator of pseudo-random numbers, the same for the same seed (mulberry32). */
function randomly(seed: number): (most: number) => number {
  let state = seed >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

/** A lane changes a service of its own, step by step, and knows each expected answer. */
class Lane {
  readonly wrong: string[] = [];
  readonly #ipvs: Ipvs;
  readonly #key: string;
  readonly #random: (most: number) => number;
  /** The weights of the destinations by their keys; undefined without a service. */
  #model: Map<string, number> | undefined;

  constructor(ipvs: Ipvs, index: number, seed: number) {
    this.#ipvs = ipvs;
    this.#key = `tcp:10.9.${index >> 8}.${index & 255}:80`;
    this.#random = randomly(seed * 1000 + index);
  }

  async step(): Promise<void> {
    const kinds = [
      () => this.#one(),
      () => this.#one(),
      () => this.#batch(),
      () => this.#batch(),
      () => this.#list(),
      () => this.#list(),
      () => this.#read(),
      () => this.#listAll(),
    ];
    await kinds[this.#random(kinds.length)]?.();
  }

  async #one(): Promise<void> {
    const { call, expected } = this.#change();
    this.#expect(call.words, await codeOf(this.#ipvs.call(call)), expected);
  }

  async #batch(): Promise<void> {
    const changes = Array.from({ length: 1 + this.#random(12) }, () => this.#change());
    const results = await this.#ipvs.batch(changes.map(({ call }) => call));
    for (const [index, { call, expected }] of changes.entries()) {
      const result = results[index];
      this.#expect(
        `${call.words} (${index} of a batch of ${changes.length})`,
        result?.ok === true ? 'ok' : result?.error.code,
        expected,
      );
    }
  }

  async #list(): Promise<void> {
    const expected = this.#listed();
    let found: string;
    try {
      const list = await this.#ipvs.destinations(this.#key);
      found = list
        .map(({ key, weight }) => `${key}=${weight}`)
        .sort()
        .join();
    } catch (error) {
      found = (error as IpvsError).code;
    }
    this.#expect(`list the destinations of ${this.#key}`, found, expected);
  }

  async #read(): Promise<void> {
    const expected = this.#model === undefined ? 'ERR_IPVS_SERVICE_NOT_FOUND' : this.#key;
    const found = await this.#ipvs.service(this.#key).then(({ key }) => key, codeOfError);
    this.#expect(`read ${this.#key}`, found, expected);
  }

  /**
   * While others change the table, a listing in several parts may miss any service, but never has one that does not
   * exist.
   */
  async #listAll(): Promise<void> {
    const list = await this.#ipvs.services();
    const isListed = list.some(({ key }) => key === this.#key);
    if (this.#model === undefined) this.#expect(`list the services`, String(isListed), 'false');
    this.#expect(
      'list each service once',
      String(new Set(list.map(({ key }) => key)).size),
      String(list.length),
    );
  }

  /** A call that may succeed or fail, and the expected answer. */
  #change(): { call: Call<void>; expected: string } {
    const destination = `10.8.0.${1 + this.#random(4)}:80`;
    const weight = this.#random(1000);
    const model = this.#model;
    switch (this.#random(7)) {
      case 0:
      case 1:
        this.#model ??= new Map();
        return {
          call: calls.addService(this.#key, { scheduler: 'rr' }),
          expected: model === undefined ? 'ok' : 'ERR_IPVS_SERVICE_EXISTS',
        };
      case 2:
        if (this.#random(3) > 0) return this.#change();
        this.#model = undefined;
        return {
          call: calls.deleteService(this.#key),
          expected: model === undefined ? 'ERR_IPVS_SERVICE_NOT_FOUND' : 'ok',
        };
      case 3: {
        const isThere = model?.delete(destination) === true;
        return {
          call: calls.deleteDestination(this.#key, destination),
          expected: missing(model, isThere, 'ERR_IPVS_DESTINATION_NOT_FOUND'),
        };
      }
      case 4: {
        const isThere = model?.has(destination) === true;
        if (isThere) model.set(destination, weight);
        return {
          call: calls.setDestination(this.#key, destination, { forwarding: 'masq', weight }),
          expected: missing(model, isThere, 'ERR_IPVS_DESTINATION_NOT_FOUND'),
        };
      }
      default: {
        const isNew = model?.has(destination) === false;
        if (isNew) model.set(destination, weight);
        return {
          call: calls.addDestination(this.#key, destination, { forwarding: 'masq', weight }),
          expected: missing(model, isNew, 'ERR_IPVS_DESTINATION_EXISTS'),
        };
      }
    }
  }

  #listed(): string {
    if (this.#model === undefined) return 'ERR_IPVS_SERVICE_NOT_FOUND';
    return [...this.#model]
      .map(([key, weight]) => `${key}=${weight}`)
      .sort()
      .join();
  }

  #expect(what: string, found: string | undefined, expected: string): void {
    if (found !== expected) this.wrong.push(`${what}: ${found ?? 'nothing'} instead of ${expected}`);
  }
}

function missing(model: unknown, isFine: boolean, code: string): string {
  return model === undefined ? 'ERR_IPVS_SERVICE_NOT_FOUND' : isFine ? 'ok' : code;
}

function codeOfError(error: unknown): string {
  return IpvsError.is(error) ? error.code : String(error);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'ok', codeOfError);
}

describe('fifty lanes on two clients', () => {
  it('get the answers to their own requests, batches and dumps mixed', async function () {
    const rounds = Number(process.env['STRESS_ROUNDS'] ?? 1);
    this.timeout(600_000 * rounds);
    for (let round = 0; round < rounds; round++) {
      if (round % 25 === 24) process.stderr.write(`stress: round ${round + 1} of ${rounds}\n`);
      const seed = Number(process.env['STRESS_SEED'] ?? 1) + round;
      const netns = new Namespace();
      const clients = [await Ipvs.open({ netns: netns.path }), await Ipvs.open({ netns: netns.path })];
      try {
        const lanes = Array.from(
          { length: LANES },
          (_, index) => new Lane(clients[index % clients.length] as Ipvs, index, seed),
        );
        let left = OPERATIONS;
        await Promise.all(
          lanes.map(async (lane) => {
            while (left-- > 0) await lane.step();
          }),
        );
        expect(
          lanes.flatMap(({ wrong }) => wrong),
          `seed ${seed}`,
        ).to.deep.equal([]);
      } finally {
        for (const client of clients) await client.close();
        netns.delete();
        execFileSync('true');
      }
    }
  });
});
