import { expect } from 'chai';
import * as library from '@ipvs-ts/ipvs';
import { Ipvs, isArgumentError, IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';

/** Values of types that no function accepts in place of an object or text. */
const VALUES: Readonly<Record<string, unknown>> = {
  'a symbol': Symbol('x'),
  'a bigint': 10n,
  'a long bigint': 10n ** 9000n,
  NaN: Number.NaN,
  '-0': -0,
  null: null,
  'an object without a prototype': Object.create(null) as object,
  'a frozen list': Object.freeze([]),
  'a function': () => 1,
  'a map': new Map([['weight', 1]]),
  'a regular expression': /x/,
  'a time that is none': new Date(Number.NaN),
  'long text': 'x'.repeat(1_000_000),
  'a lone surrogate': '\ud800',
  'an object that cannot be text': {
    toString() {
      throw new Error('never called');
    },
  },
};

/** Functions by name, each with arguments of which the first, or the one at the place, is replaced. */
const FUNCTIONS: readonly (readonly [name: string, at: number, ...rest: unknown[]])[] = [
  ['addressText', 0],
  ['serviceKeyText', 0],
  ['destinationKeyText', 0],
  ['serviceNameWords', 0],
  ['serviceSettingsWords', 0],
  ['destinationSettingsWords', 0],
  ['exportState', 0],
  ['exportState', 1],
  ['readMetrics', 0],
  ['metricsFormat', 0],
  ['metricsText', 0],
  ['metricsText', 1],
  ['drainRule', 0],
  ['judgeDrain', 0],
  ['judgeDrain', 1],
  ['parseServiceKey', 0],
  ['parseDestinationKey', 0],
  ['documentProblemText', 0],
];

/** Values that a function may accept at a place, although others are meant. */
const TAKEN =
  /^(metricsFormat 0 (long text|a lone surrogate)|(metricsText|exportState) 1 an object|metricsText 0 a frozen list|documentProblemText 0 |drainRule 0 an object )/;

describe('values of wrong types', () => {
  const functions = library as unknown as Readonly<Record<string, (...values: unknown[]) => unknown>>;
  for (const [name, at] of FUNCTIONS) {
    it(`get an error with a code from ${name}, as argument ${String(at + 1)}`, async () => {
      for (const [what, value] of Object.entries(VALUES)) {
        const values: unknown[] = name === 'metricsText' ? [[], {}] : [{ table: 1 }, {}, {}];
        if (name.startsWith('parse')) values.splice(1);
        if (name === 'exportState') values[0] = { table: () => [], timeouts: () => ({}), daemons: () => [] };
        values[at] = value;
        const error = await Promise.resolve()
          .then(() => functions[name]?.(...values))
          .then(
            () => undefined,
            (reason: unknown) => reason,
          );
        if (TAKEN.test(`${name} ${String(at)} ${what}`)) continue;
        expect(isArgumentError(error), `${what}: ${String(error)}`).to.equal(true);
        expect((error as Error).message.length, what).to.be.lessThan(1000);
      }
    });
  }

  it('are not addresses, and match no word closely', () => {
    for (const value of Object.values(VALUES)) {
      expect(library.parseAddress(value as string)).to.equal(undefined);
      expect(library.nearest(value as string, ['word'])).to.equal(undefined);
    }
    expect(library.nearest('word', null as unknown as string[])).to.equal(undefined);
    expect(library.toJson({ at: new Date(Number.NaN) } as never)).to.deep.equal({ at: null });
  });

  it('are not calls: nothing is sent', async () => {
    await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
    using sync = IpvsSync.open({ transport: doubleTransportSync(new IpvsKernel()) });
    for (const [what, value] of Object.entries(VALUES)) {
      const error = await ipvs.call(value as never).catch((reason: unknown) => reason);
      expect(isArgumentError(error), what).to.equal(true);
      expect(() => sync.call(value as never), what).to.throw(/^call must be a call/);
    }
  });

  it('are not options, even without unknown fields', async () => {
    await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
    for (const options of [
      /x/,
      new Map([['scheduler', 'rr']]),
      new Date(0),
      Promise.resolve({}),
      new Error('x'),
    ]) {
      const error = await ipvs
        .addService('tcp:192.0.2.10:80', options as never)
        .catch((reason: unknown) => reason);
      expect(String(error)).to.match(/^TypeError: options must be an object, not a [A-Z]/);
    }
    expect(await ipvs.services()).to.deep.equal([]);
  });
});
