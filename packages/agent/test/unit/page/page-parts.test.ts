import { expect } from 'chai';
import { failed, noVerdict, passed } from '@ipvs-ts/agent';
import { CheckTicks } from '../../../dist/page/check-ticks.js';
import { RateHistory, samplePause } from '../../../dist/page/rate-history.js';
import { linesOf, mostDrawn, moved, windowOf } from '../../../dist/page/view/lines.js';
import type { ServiceView } from '../../../dist/page/view/page-model.js';
import {
  bytesText,
  countText,
  rateText,
  shareText,
  spanText,
  toneOf,
} from '../../../dist/page/view/page-text.js';
import { sparkline } from '../../../dist/page/view/sparkline.js';
import type { DestinationRow } from '../../../dist/page/wire.js';

const totals = (
  connections: number,
): ReadonlyMap<string, { connections: bigint; inBytes: bigint; outBytes: bigint }> =>
  new Map([['a', { connections: BigInt(connections), inBytes: BigInt(connections * 100), outBytes: 0n }]]);

describe('the rates of five minutes', () => {
  it('come from totals, and are not known where there is nothing to compare with', () => {
    const history = new RateHistory();
    expect(history.step).to.equal(undefined);
    history.add(totals(1000), 50_000);
    expect(history.rates('a')).to.deep.equal({ connections: null, inBytes: null, outBytes: null });
    expect(history.of('a')).to.equal(undefined);
    history.add(totals(1100), 55_000);
    expect(history.rates('a')).to.deep.equal({ connections: 20, inBytes: 2000, outBytes: 0 });
    expect(history.of('a')?.slice(-3)).to.deep.equal([null, null, 20]);
    expect(history.of('a')).to.have.length(60);
    expect(history.of('unknown')).to.equal(undefined);
  });

  it('are not known after the counters were zeroed', () => {
    const history = new RateHistory();
    for (const [index, total] of [0, 100, 20, 40].entries()) history.add(totals(total), index * 5000);
    expect(history.of('a')?.slice(-4)).to.deep.equal([null, 20, null, 4]);
  });

  it('fill the steps that a late sample left out, and forget what is older than five minutes', () => {
    const history = new RateHistory();
    history.add(totals(0), 0);
    history.add(totals(50), 5000);
    history.add(totals(200), 20_000);
    expect(history.of('a')?.slice(-4)).to.deep.equal([10, 10, 10, 10]);
    history.add(totals(200), 20_000 + 400_000);
    expect(history.of('a')).to.equal(undefined);
    history.add(totals(200), 20_000 + 399_000);
    expect(history.step).to.equal(84);
  });

  it('forget services that are gone', () => {
    const history = new RateHistory();
    history.add(totals(0), 0);
    history.add(totals(50), 5000);
    history.add(new Map(), 10_000);
    history.add(totals(70), 15_000);
    expect(history.rates('a').connections).to.equal(null);
  });

  it('are read seldom if that is expensive and nobody watches', () => {
    expect(samplePause(1, false)).to.equal(5000);
    expect(samplePause(20, false)).to.equal(20_000);
    expect(samplePause(900, false)).to.equal(60_000);
    expect(samplePause(900, true)).to.equal(5000);
  });
});

describe('the last results of a check', () => {
  it('are the last thirty, oldest first', () => {
    const ticks = new CheckTicks();
    expect(ticks.of('a')).to.deep.equal([]);
    ticks.add('a', failed('refused'));
    for (let count = 0; count < 28; count++) ticks.add('a', { ...passed('ok'), milliseconds: 1.26 });
    ticks.add('a', noVerdict('no descriptor'));
    ticks.add('a', { ...passed('ok'), milliseconds: 250 });
    expect(ticks.of('a')).to.have.length(30);
    expect(ticks.of('a').slice(0, 2)).to.deep.equal([1.3, 1.3]);
    expect(ticks.of('a').slice(-3)).to.deep.equal([1.3, -2, 250]);
    ticks.add('b', passed('ok'));
    ticks.keep(new Set(['b']));
    expect(ticks.size).to.equal(1);
    expect(ticks.of('b')).to.deep.equal([0]);
  });
});

const row = (name: string, state: DestinationRow[1] = 'up'): DestinationRow => [name, state, 1, 1, 0, 'ok'];

function service(name: string, destinations: readonly DestinationRow[]): ServiceView {
  return {
    name,
    scheduler: 'wlc',
    capacity: 1,
    guard: null,
    destinations,
    states: new Map(),
    active: 0,
    inactive: 0,
    connections: null,
    inBytes: null,
    outBytes: null,
  };
}

const SERVICES = [
  service('tcp:192.0.2.10:443', [row('10.0.0.1:443'), row('10.0.0.2:443', 'down')]),
  service('tcp:[2001:DB8::1]:80', [row('10.0.1.1:80', 'kept')]),
  service('fwmark:7', []),
];

describe('the lines of the page', () => {
  const ids = (filter: string, ...opened: string[]): string[] =>
    linesOf(SERVICES, filter, new Set(opened)).map(({ id }) => id);

  it('are services, and the destinations of those that are open', () => {
    expect(ids('')).to.deep.equal(['tcp:192.0.2.10:443', 'tcp:[2001:DB8::1]:80', 'fwmark:7']);
    expect(ids('', 'tcp:[2001:DB8::1]:80')).to.deep.equal([
      'tcp:192.0.2.10:443',
      'tcp:[2001:DB8::1]:80',
      'tcp:[2001:DB8::1]:80 columns',
      'tcp:[2001:DB8::1]:80 10.0.1.1:80',
      'fwmark:7',
    ]);
  });

  it('are those whose name or state contains every word of the filter', () => {
    expect(ids('2001:db8')).to.deep.equal(['tcp:[2001:DB8::1]:80']);
    expect(ids('down')).to.deep.equal([
      'tcp:192.0.2.10:443',
      'tcp:192.0.2.10:443 columns',
      'tcp:192.0.2.10:443 10.0.0.2:443',
    ]);
    expect(ids(' 192.0.2.10  10.0.0.1 ')).to.include('tcp:192.0.2.10:443 10.0.0.1:443').and.have.length(3);
    expect(ids('fwmark down')).to.deep.equal([]);
    expect(ids('nothing')).to.deep.equal([]);
  });

  it('are drawn where they are seen, with a margin', () => {
    expect(windowOf(10_000, 32, 0, 640)).to.deep.equal({ first: 0, end: 28 });
    expect(windowOf(10_000, 32, 3200, 640)).to.deep.equal({ first: 92, end: 128 });
    expect(windowOf(10_000, 32, 319_360, 640)).to.deep.equal({ first: 9972, end: 10_000 });
    expect(windowOf(3, 32, 9999, 640)).to.deep.equal({ first: 0, end: 3 });
    expect(windowOf(0, 32, 0, 640)).to.deep.equal({ first: 0, end: 0 });
  });

  it('are drawn by a sufficient pool of elements', () => {
    for (const height of [32, 58])
      for (const seen of [1, 640, 1003])
        for (let scrolled = 0; scrolled < 5000; scrolled += 7) {
          const { first, end } = windowOf(10_000, height, scrolled, seen);
          expect(end - first).to.be.at.most(mostDrawn(height, seen));
        }
  });

  it('are selected one after the other; columns are skipped', () => {
    const lines = linesOf(SERVICES, '', new Set(['tcp:192.0.2.10:443']));
    expect(moved(lines, -1, 1)).to.equal(0);
    expect(moved(lines, 0, 1)).to.equal(2);
    expect(moved(lines, 2, -1)).to.equal(0);
    expect(moved(lines, 0, 100)).to.equal(lines.length - 1);
    expect(moved(lines, lines.length - 1, -100)).to.equal(0);
    expect(moved([], -1, 1)).to.equal(-1);
  });
});

describe('the texts of the page', () => {
  it('are short numbers', () => {
    for (const [value, text] of [
      [0, '0'],
      [0.5, '0.5'],
      [7.256, '7.26'],
      [12.34, '12.3'],
      [940, '940'],
      [999.4, '999'],
      [999.6, '1k'],
      [1234, '1.23k'],
      [99_960, '100k'],
      [12_345_678, '12.3M'],
      [5e15, '5000T'],
    ] as const)
      expect(countText(value), String(value)).to.equal(text);
    expect(rateText(null)).to.equal('–');
    expect(bytesText(950)).to.equal('950 B/s');
    expect(bytesText(1_230_000)).to.equal('1.23 MB/s');
    expect(bytesText(null)).to.equal('–');
  });

  it('are spans in their two largest units', () => {
    for (const [value, text] of [
      [-5, '0 s'],
      [999, '0 s'],
      [42_000, '42 s'],
      [185_000, '3 min 5 s'],
      [7_200_000, '2 h'],
      [356_400_000, '4 d 3 h'],
    ] as const)
      expect(spanText(value)).to.equal(text);
  });

  it('show 100% and 0% only for exact shares', () => {
    for (const [value, text] of [
      [1, '100%'],
      [0.999, '99%'],
      [0.29, '29%'],
      [0.001, '<1%'],
      [0, '0%'],
    ] as const)
      expect(shareText(value)).to.equal(text);
  });

  it('say how urgent an event is', () => {
    expect(toneOf({ kind: 'state', text: 'up → down: refused' })).to.equal('bad');
    expect(toneOf({ kind: 'state', text: 'down → up: passes its checks' })).to.equal('good');
    expect(toneOf({ kind: 'state', text: 'kept: refused' })).to.equal('warn');
    expect(toneOf({ kind: 'state', text: 'up → maintenance: by ada: down: x' })).to.equal('note');
    expect(toneOf({ kind: 'fitness', text: 'the director is not fit: x' })).to.equal('bad');
    expect(toneOf({ kind: 'fitness', text: 'the director is fit' })).to.equal('good');
    expect(toneOf({ kind: 'changes', text: 'changed: x' })).to.equal('note');
  });
});

describe('a sparkline', () => {
  it('has its largest value at the top, and gaps where nothing is known', () => {
    const { line, area, most } = sparkline([0, 10, NaN, 5, NaN], 40, 11);
    expect(most).to.equal(10);
    expect(line).to.equal('M0 10.5L10 0.5M30 5.5h0.01');
    expect(area).to.equal('M0 11L0 10.5L10 0.5L10 11ZM30 11L30 5.5L30 11Z');
  });

  it('is flat where all values are 0, and empty where there are none', () => {
    expect(sparkline([0, 0], 10, 11).line).to.equal('M0 10.5L10 10.5');
    expect(sparkline([], 10, 10)).to.deep.equal({ line: '', area: '', most: 0 });
    expect(sparkline([NaN, NaN], 10, 10).line).to.equal('');
  });
});
