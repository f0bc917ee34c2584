import { expect } from 'chai';
import type { Rates, WatchSample } from '@ipvs-ts/ipvs';
import { arrangement, Arranger } from '../../../../dist/subcommands/top/rows/arrangement.js';
import { amountText } from '../../../../dist/subcommands/top/amount.js';
import { barText } from '../../../../dist/subcommands/top/bar.js';
import { Frame } from '../../../../dist/subcommands/top/frame.js';
import { KeyReader } from '../../../../dist/subcommands/top/keys.js';
import { shortened } from '../../../../dist/subcommands/top/line.js';
import { picture } from '../../../../dist/subcommands/top/screen.js';
import { type States, statesOf } from '../../../../dist/subcommands/top/rows/states.js';
import { FIRST_VIEW, press, type View } from '../../../../dist/subcommands/top/rows/view.js';
import { Stage } from '../stage.js';

const SIZE = { columns: 80, rows: 24 };
const ASCII = { colour: false, unicode: false };
const ESCAPES = /\u001b\[[0-9;]*m/g;
const LONG = 'tcp:[2001:db8:1111:2222:3333:4444:5555:6666]:65535';

const rate = (value: number): Rates => ({
  connections: value,
  inPackets: value,
  outPackets: value,
  inBytes: value * 1000,
  outBytes: value * 1e6,
});

type Server = readonly [key: string, weight: number, active: number, rate: number];

/** A sample with these services; `rates` are those of the kernel, ten times as much those measured. */
function sampleOf(table: Readonly<Record<string, readonly Server[]>>): WatchSample {
  const services = Object.entries(table).map(([key, servers]) => ({
    service: { key, rates: rate(servers.reduce((sum, [, , , each]) => sum + each, 0)) },
    rates: undefined,
    reset: false,
    destinations: servers.map(([name, weight, activeConnections, each]) => ({
      destination: {
        key: name,
        weight,
        activeConnections,
        inactiveConnections: 5,
        persistentConnections: 0,
        rates: rate(each),
      },
      rates: rate(each * 10),
      reset: false,
    })),
  }));
  return {
    time: new Date(2026, 0, 31, 9, 5, 7),
    elapsed: 1000,
    services,
    changes: [],
    rates: undefined,
  } as unknown as WatchSample;
}

const SAMPLE = sampleOf({
  'tcp:192.0.2.10:80': [
    ['10.0.0.10:80', 1, 10, 4],
    ['10.0.0.9:80', 0, 100, 2],
  ],
  [LONG]: [['[2001:db8:1111:2222:3333:4444:5555:7777]:8080', 3, 50, 90]],
  'fwmark:7': [],
});

function lines(
  changes: Partial<View> = {},
  size = SIZE,
  style = ASCII,
  sample = SAMPLE,
  states?: States,
): readonly string[] {
  const view = { ...FIRST_VIEW, ...changes };
  return picture({ sample, rows: arrangement(sample, view, states) }, view, size, style).lines;
}

/** What an agent says of the first service. */
const STATES = statesOf({
  services: [
    {
      service: 'tcp:192.0.2.10:80',
      capacity: 0.5,
      guard: null,
      destinations: [
        { destination: '10.0.0.10:80', state: 'up', reason: 'it passes its check' },
        {
          destination: '10.0.0.9:80',
          state: 'down',
          reason: 'tcp: refused the connection, and so on for long',
        },
      ],
    },
    { service: LONG, capacity: 1, guard: 'all down', destinations: [] },
  ] as unknown as Parameters<typeof statesOf>[0]['services'],
});

/** The first words of the rows of the table. */
const names = (view: Partial<View> = {}): string[] =>
  lines(view)
    .slice(3, -1)
    .map((line) => line.slice(0, 25).trimEnd())
    .filter((name) => name !== '');

describe('the screen of top', () => {
  it('shows services and their destinations in 80 by 24', () => {
    const seen = lines();
    expect(seen.length).to.equal(24);
    expect(seen[0]).to.equal('IPVS 09:05:07  3 services, 3 destinations  by ACTIVE');
    expect(seen[1]).to.equal('160 active  15 inactive  96 conn/s  in 96000 B/s  out 96.0M B/s  in 96 pkt/s');
    expect(seen[2]).to.match(/^SERVICE \/ DESTINATION +WGT ACTIVE +INACT CONN\/S IN B\/S +OUT B\/S$/);
    expect(seen[3]).to.match(/^tcp:192\.0\.2\.10:80 +1 +110 \|{6} +10 +6 +6000 \| +6\.0M$/);
    expect(seen[4]).to.match(/^ {2}10\.0\.0\.9:80 +0 +100 \|{6} /);
    expect(seen[5]).to.match(/^ {2}10\.0\.0\.10:80 +1 +10 \| {6} /);
    expect(seen[6]).to.match(/^tcp:\[2001:db8?.*~.*:65535 +3 +50 /);
    expect(seen[8]).to.match(/^fwmark:7 +0 +0 +0 +0 +0 +0$/);
    expect(seen.at(-1)).to.include('q quit');
  });

  for (const columns of [1, 5, 12, 20, 39, 40, 60, 66, 79, 80, 100, 132, 250])
    for (const rows of [1, 2, 3, 4, 5, 8, 24])
      it(`fits into ${columns} by ${rows}`, () => {
        for (const help of [false, true])
          for (const style of [ASCII, { colour: true, unicode: true }])
            for (const view of [{ help }, { help, reasons: true, typing: true, search: '10.0.0' }]) {
              const seen = lines(view, { columns, rows }, style, SAMPLE, STATES);
              expect(seen.length).to.be.at.most(rows);
              for (const line of seen) expect(line.replace(ESCAPES, '').length, line).to.be.at.most(columns);
            }
      });

  it('always has the column that it sorts by, and shows more where there is room', () => {
    expect(lines({ sort: 'outPackets' }, { columns: 40, rows: 24 })[2]).to.include('OUT PKT/S');
    const wide = lines({}, { columns: 160, rows: 24 });
    expect(wide[2]).to.include('PERSIST').and.include('IN PKT/S').and.include('OUT PKT/S');
    expect(wide.join('\n')).to.include(LONG);
  });

  it('sorts services, and the destinations of each', () => {
    expect(names()).to.deep.equal(names({ sort: 'active' }));
    const [web, nine, ten, v6 = '', six = '', mark] = names();
    expect([web, nine, ten, mark]).to.deep.equal([
      'tcp:192.0.2.10:80',
      '  10.0.0.9:80',
      '  10.0.0.10:80',
      'fwmark:7',
    ]);
    expect(names({ sort: 'connections' })).to.deep.equal([v6, six, web, ten, nine, mark]);
    expect(names({ sort: 'active', reversed: true })).to.deep.equal([mark, v6, six, web, ten, nine]);
    expect(names({ sort: 'name' })).to.deep.equal([mark, v6, six, web, nine, ten]);
    expect(names({ sort: 'weight', destinations: false })).to.deep.equal([v6, web, mark]);
  });

  it('scrolls by pages', () => {
    const table = Object.fromEntries(
      Array.from({ length: 100 }, (_, index): [string, Server[]] => [`fwmark:${index + 1}`, []]),
    );
    const sample = sampleOf(table);
    const page = (offset: number): readonly string[] => lines({ sort: 'name', offset }, SIZE, ASCII, sample);
    expect(page(0)[3]).to.match(/^fwmark:1 /);
    expect(page(0).at(-1)).to.match(/^1-20 of 100 /);
    expect(page(20)[3]).to.match(/^fwmark:21 /);
    expect(page(9999)[3]).to.match(/^fwmark:81 /);
    expect(page(9999).at(-1)).to.match(/^81-100 of 100 /);
  });

  it('shows measured rates, and what is not known yet as a dash', () => {
    const seen = lines({ measured: true });
    expect(seen.find((line) => line.includes('10.0.0.10:80'))).to.match(/ 5 +40 +40000 /);
    expect(seen[3]).to.match(/ 10 +- +- {2,}-$/);
    expect(seen.at(-1)).to.include('measured rates');
  });

  it('says so if the table is empty', () => {
    expect(lines({}, SIZE, ASCII, sampleOf({}))[3]).to.equal('no services');
  });

  it("shows the agent's states, and reasons instead of most numbers", () => {
    const seen = lines({}, SIZE, ASCII, SAMPLE, STATES);
    expect(seen[2]).to.match(/^SERVICE \/ DESTINATION +STATE +WGT ACTIVE/);
    expect(seen[3]).to.match(/^tcp:192\.0\.2\.10:80 +50% +1 +110 /);
    expect(seen[4]).to.match(/^ {2}10\.0\.0\.9:80 +down +0 +100 /);
    expect(seen[8]).to.match(/^fwmark:7 {30,}0 +0 /);
    const reasons = lines({ reasons: true }, SIZE, ASCII, SAMPLE, STATES);
    expect(reasons[2]).to.match(/STATE +WGT ACTIVE {2}REASON$|STATE +WGT ACTIVE {2}REASON +$/);
    expect(reasons[3]).to.match(/ 110$/);
    expect(reasons[6]).to.match(/ 100% +3 +50 {2}kept by the guard “all down”$/);
    expect(reasons[4]).to.match(/ 100 {2}tcp: refused the connection,$/);
    // On a narrow screen, and where no agent answers, there is no room for states.
    for (const none of [
      lines({}, { columns: 59, rows: 24 }, ASCII, SAMPLE, STATES),
      lines({ reasons: true }),
    ])
      expect(none[2]).not.to.match(/STATE|REASON/);
    const painted = lines({}, SIZE, { colour: true, unicode: true }, SAMPLE, STATES);
    expect(painted[4]).to.match(/\u001b\[1;31m down +\u001b\[m/);
  });

  it('searches names and states', () => {
    expect(names({ search: '10.0.0.9' })).to.deep.equal(['tcp:192.0.2.10:80', '  10.0.0.9:80']);
    expect(names({ search: 'FWMARK' })).to.deep.equal(['fwmark:7']);
    expect(names({ search: '192.0.2.10' })).to.deep.equal([
      'tcp:192.0.2.10:80',
      '  10.0.0.9:80',
      '  10.0.0.10:80',
    ]);
    const found = lines({ search: 'down' }, SIZE, ASCII, SAMPLE, STATES);
    expect(found[0]).to.equal('IPVS 09:05:07  1 service, 1 destination  by ACTIVE  with “down”');
    expect(found[4]).to.match(/^ {2}10\.0\.0\.9:80 +down/);
    expect(found[5]).to.equal('');
    expect(lines({ search: 'nothing' })[3]).to.equal('nothing matches; Esc ends the search');
    expect(lines({ search: '80', typing: true }).at(-1)).to.equal('/80_  Enter keeps it  Esc ends it');
  });

  it('looks at a sample of thousands once, and sorts and writes only what is seen', () => {
    let looks = 0;
    const servers = (service: number): Server[] =>
      Array.from({ length: 20 }, (_, index) => [`10.0.${service % 256}.${index}:80`, 1, index, 1]);
    const whole = sampleOf(
      Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`fwmark:${index + 1}`, servers(index)])),
    );
    const sample = {
      ...whole,
      get services() {
        looks += 1;
        return whole.services;
      },
    };
    const arranger = new Arranger();
    const sorted = new Set<unknown>();
    let view: View = { ...FIRST_VIEW, sort: 'name' };
    for (const key of [
      ...Array.from({ length: 300 }, () => 'down'),
      'end',
      'home',
      ...Array.from({ length: 50 }, () => 'page-down'),
    ]) {
      const rows = arranger.arrange(sample, view);
      const watched = {
        ...rows,
        destinationsOf(service: Parameters<typeof rows.destinationsOf>[0]) {
          sorted.add(service);
          return rows.destinationsOf(service);
        },
      };
      const { lines: drawn, extent } = picture({ sample, rows: watched }, view, SIZE, ASCII);
      expect(extent.rows).to.equal(21_000);
      expect(drawn).to.have.length(24);
      view = press(view, key, extent);
    }
    expect(looks).to.equal(1);
    // Some 1250 rows were seen, at both ends.
    expect(sorted.size).to.be.within(40, 70);
  });

  it('colours destinations without weight', () => {
    const seen = lines({}, SIZE, { colour: true, unicode: true });
    expect(seen.find((line) => line.includes('10.0.0.9:80'))).to.match(/^\u001b\[33m/);
    expect(seen.find((line) => line.includes('fwmark:7'))).to.match(/^\u001b\[1;31m/);
    expect(lines().join('')).not.to.include('\u001b');
  });
});

describe('the parts of the screen', () => {
  for (const [value, text] of [
    [0, '0'],
    [99_999, '99999'],
    [100_000, '100K'],
    [0.04, '0.0'],
    [12.34, '12.3'],
    [99.96, '100'],
    [999.4, '999'],
    [999.6, '1.0K'],
    [999_950, '1.0M'],
    [1_234_567, '1.2M'],
    [2 ** 64, '18.4E'],
    [undefined, '-'],
  ] as const)
    it(`amounts: ${String(value)}`, () => {
      expect(amountText(value)).to.equal(text);
    });

  it('bars', () => {
    expect(barText(0, 10, 4, false)).to.equal('    ');
    expect(barText(1, 1000, 4, false)).to.equal('|   ');
    expect(barText(5, 10, 4, false)).to.equal('||  ');
    expect(barText(20, 10, 4, false)).to.equal('||||');
    expect(barText(5, 0, 4, true)).to.equal('    ');
    expect(barText(NaN, 10, 4, true)).to.equal('    ');
    expect(barText(9, 16, 2, true)).to.equal('█▏');
    expect(barText(1, 1e9, 2, true)).to.equal('▏ ');
  });

  it('names that are too long keep both ends', () => {
    expect(shortened('abcdefghij', 10, true)).to.equal('abcdefghij');
    expect(shortened('abcdefghij', 7, true)).to.equal('abc…hij');
    expect(shortened('abcdefghij', 6, false)).to.equal('ab~hij');
    expect(shortened('abcdefghij', 0, false)).to.equal('');
  });

  it('frames send what differs', () => {
    const frame = new Frame();
    expect(frame.draw(['a', '', 'b'], SIZE)).to.equal(
      '\u001b[m\u001b[2J\u001b[1;1H\u001b[2Ka\u001b[3;1H\u001b[2Kb',
    );
    expect(frame.draw(['a', 'x'], SIZE)).to.equal('\u001b[2;1H\u001b[2Kx\u001b[3;1H\u001b[2K');
    expect(frame.draw(['a', 'x'], SIZE)).to.equal('');
    expect(frame.draw(['a'], { ...SIZE, rows: 10 })).to.match(/^\u001b\[m\u001b\[2J/);
    frame.forget();
    expect(frame.draw(['a'], { ...SIZE, rows: 10 })).to.match(/^\u001b\[m\u001b\[2J/);
  });

  it('keys, in pieces too', () => {
    const keys = new KeyReader();
    expect(keys.read('qr\u0003\u001a ')).to.deep.equal(['q', 'r', 'ctrl-c', 'ctrl-z', ' ']);
    expect(keys.read('\u001b[A\u001bOB\u001b[5~\u001b[1;5C\u001b[200~x')).to.deep.equal([
      'up',
      'down',
      'page-up',
      'x',
    ]);
    expect(keys.read('\u001b[')).to.deep.equal([]);
    expect(keys.read('6')).to.deep.equal([]);
    expect(keys.read('~n')).to.deep.equal(['page-down', 'n']);
    expect(keys.read('\u001b')).to.deep.equal(['escape']);
    expect(keys.read('qü\n\u007f\u0015')).to.deep.equal(['q', 'enter', 'backspace', 'ctrl-u']);
    // A sequence that was torn after its first byte is a key all the same.
    expect(keys.read('\u001b')).to.deep.equal(['escape']);
    expect(keys.read('[Bx')).to.deep.equal(['down', 'x']);
    expect(keys.read('[B')).to.deep.equal(['[', 'B']);
  });

  it('keys change the view', () => {
    const extent = { rows: 100, page: 20 };
    const after = (...all: string[]): View => all.reduce((view, key) => press(view, key, extent), FIRST_VIEW);
    expect(after('down', 'down', 'up').offset).to.equal(1);
    expect(after('up').offset).to.equal(0);
    expect(after('page-down').offset).to.equal(19);
    expect(after('end', 'down').offset).to.equal(80);
    expect(after('end', 'page-up').offset).to.equal(61);
    expect(after('end', 'home').offset).to.equal(0);
    expect(press({ ...FIRST_VIEW, offset: 80 }, 'up', { rows: 30, page: 20 }).offset).to.equal(9);
    expect(press(FIRST_VIEW, 'end', { rows: 3, page: 20 }).offset).to.equal(0);
    expect(after('end', 'c')).to.include({ sort: 'connections', offset: 0 });
    expect(after('n', 'left').sort).to.equal('outBytes');
    expect(after('n', '>').sort).to.equal('weight');
    expect(after('r').reversed).to.equal(true);
    expect(after('r', 'b')).to.include({ sort: 'inBytes', reversed: false });
    expect(after('d', 'm')).to.include({ destinations: false, measured: true });
    expect(after('z', 'Q')).to.equal(FIRST_VIEW);
    expect(after('?').help).to.equal(true);
    expect(after('h', 'c')).to.deep.equal(FIRST_VIEW);
    expect(after(' ').offset).to.equal(19);
    expect(after('e').reasons).to.equal(true);
    const typing = { ...FIRST_VIEW, typing: true };
    expect(after('/', 'q', ' ', 'd')).to.deep.equal({ ...typing, search: 'q d' });
    expect(after('/', 'a', 'b', 'backspace')).to.deep.equal({ ...typing, search: 'a' });
    expect(after('/', 'a', 'ctrl-u')).to.deep.equal(typing);
    expect(after('/', 'a', 'backspace', 'backspace')).to.deep.equal(FIRST_VIEW);
    expect(after('/', 'a', 'enter', 'c')).to.include({ search: 'a', typing: false, sort: 'connections' });
    expect(after('/', 'a', 'enter', 'escape')).to.deep.equal(FIRST_VIEW);
    expect(after('/', 'a', 'escape')).to.deep.equal(FIRST_VIEW);
    expect(after('/', 'a', 'down')).to.include({ search: 'a', typing: true, offset: 1 });
    expect(after('end', '/', 'a').offset).to.equal(0);
  });
});

describe('top', () => {
  for (const [term, message] of [
    ['xterm', 'it needs a terminal as input and output; programs use watch --json --samples'],
    ['dumb', 'it needs a terminal that can place its cursor, and TERM is dumb'],
    ['', 'it needs a terminal that can place its cursor, and TERM is not set'],
  ] as const)
    it(`refuses an unsuitable terminal: ${term}`, async () => {
      const stage = new Stage();
      stage.env = { TERM: term };
      const { status, stdout, stderr } = await stage.run('top');
      expect([status, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.equal(`ipvs-ts top: ${message}\nipvs-ts help top explains the options.\n`);
    });
});
