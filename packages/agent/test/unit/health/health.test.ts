import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Check,
  downMode,
  failed,
  judge,
  noVerdict,
  passed,
  unknownVerdict,
  type Verdict,
} from '@ipvs-ts/agent';
import { allDown, type Candidate } from '../../../dist/health/all-down.js';
import { STEADY, wentDown } from '../../../dist/health/flapping.js';
import { keptByFloor } from '../../../dist/health/floor.js';
import { DueQueue, nextInPhase, StartLimit } from '../../../dist/health/schedule.js';
import { ramp } from '../../../dist/health/slow-start.js';
import { ProbeSet } from '../../../dist/loop/probe-set.js';
import { Conflicts } from '../../../dist/own/conflicts.js';
import { declare } from '../loop/simulation.js';

const TIMING = { fall: 3, rise: 2 };

/** The state after each result: `+` passed, `-` failed, `?` no verdict. */
function states(results: string, verdict: Verdict = unknownVerdict(0)): string {
  const answers = { '+': passed('ok'), '-': failed('no'), '?': noVerdict('?') };
  let current = verdict;
  let text = '';
  for (const [at, each] of Array.from(results).entries()) {
    current = judge(current, TIMING, answers[each as '+'], at);
    text += current.state.charAt(0);
  }
  return text;
}

describe('the judge', () => {
  it('takes one pass to bring up a server that was never up, and `rise` passes later', () => {
    expect(states('+')).to.equal('u');
    expect(states('---+')).to.equal('uudu');
    expect(states('+---+-++')).to.equal('uuuddddu');
  });

  it('takes `fall` failures in a row to take a server down', () => {
    expect(states('+--+--+---')).to.equal('uuuuuuuuud');
  });

  it('changes nothing without a verdict', () => {
    expect(states('+-?-?-')).to.equal('uuuuud');
    expect(states('???')).to.equal('uuu');
  });

  it('never goes down within `fall` − 1 failures, whatever came before', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('+', '-', '?') }), (before) => {
        const after = states(`${before}++--`);
        expect(after.slice(-1)).to.equal('u');
      }),
    );
  });
});

describe('the schedule', () => {
  it('runs a check once an interval, at its own phase', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 100, max: 100_000 }),
        fc.nat(1e9),
        (identity, interval, now) => {
          const next = nextInPhase(identity, interval, now);
          expect(next).to.be.within(now + 1, now + interval);
          expect(nextInPhase(identity, interval, next)).to.equal(next + interval);
        },
      ),
    );
  });

  it('spreads checks evenly: no bursts', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let server = 0; server < 10_000; server++) {
      const next = nextInPhase(`lb1 10.0.${server >> 8}.${server & 255}`, 5000, 1_000_000);
      const tenth = Math.floor((next - 1_000_001) / 500);
      tenths[tenth] = (tenths[tenth] as number) + 1;
    }
    for (const count of tenths) expect(count).to.be.within(850, 1150);
  });

  it('returns due checks in order, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(100))), (entries) => {
        const queue = new DueQueue();
        const expected = new Map<string, number>();
        for (const [key, due] of entries) {
          queue.set(String(key), due);
          expected.set(String(key), due);
        }
        const taken: number[] = [];
        for (let key = queue.take(50); key !== undefined; key = queue.take(50)) {
          taken.push(expected.get(key) as number);
          expected.delete(key);
        }
        expect(taken).to.deep.equal([...taken].sort((one, other) => one - other));
        expect([...expected.values()].every((due) => due > 50)).to.equal(true);
        expect(queue.next).to.equal(expected.size === 0 ? undefined : Math.min(...expected.values()));
      }),
    );
  });

  it('limits how many start a second', () => {
    const limit = new StartLimit(1000, 0);
    let started = 0;
    for (let now = 0; now <= 1000; now++) while (limit.take(now)) started += 1;
    expect(started).to.be.within(1000, 1050);
  });
});

describe('the probes', () => {
  it('start 10 000 checks every five seconds at their time, whatever the timer rounds to', () => {
    const COUNT = 10_000;
    const GRANULE = 4;
    const WARM = 8000;
    const verdict: Verdict = { ...unknownVerdict(0), state: 'up', everUp: true };
    const { services } = declare({
      services: { 'tcp:192.0.2.10:80': { check: { tcp: {} }, destinations: { '10.0.0.1:80': {} } } },
    });
    const check = [...services.values()][0]?.destinations?.[0]?.checks[0] as Check;
    const probes = new ProbeSet('lb1', { inFlight: 4000, startsPerSecond: 4000 }, 0);
    for (let index = 0; index < COUNT; index++) {
      const address = `10.0.${index >> 8}.${index & 255}`;
      const probe = { key: address, check, address, port: 80, virtualHost: '' };
      probes.subscribe(
        probe,
        { service: 'tcp:192.0.2.10:80', destination: `${address}:80`, index: 0 },
        verdict,
        0,
      );
    }
    const last = new Map<string, number>();
    let latest = 0;
    let most = 0;
    let now = 0;
    while (now < 31_000) {
      const started = probes.start(now);
      most = Math.max(most, started.length);
      for (const { key } of started) {
        const before = last.get(key);
        // What ran first made up for a restart, and came when it could.
        if (before !== undefined && before > WARM) latest = Math.max(latest, Math.abs(now - before - 5000));
        last.set(key, now);
        probes.finished(key);
        probes.plan(key, [verdict], now);
      }
      const next = probes.nextStart(now) ?? now;
      now += Math.max(1, Math.ceil((next - now) / GRANULE) * GRANULE);
    }
    expect(last.size).to.equal(COUNT);
    expect(latest, 'milliseconds off the interval, of which a quarter is 1250').to.be.below(50);
    expect(most, 'at once').to.be.at.most(200);
  });
});

function candidate(name: string, change: Partial<Candidate> = {}): Candidate {
  return { name, weight: 100, state: 'down', since: 0, everUp: true, inService: false, ...change };
}

describe('the guards', () => {
  const at = { window: 9000, firstSight: 0, now: 100_000 };

  it('choose, when all are down, those that were up in the window', () => {
    const candidates = [
      candidate('long', { since: 5000 }),
      candidate('one', { since: 95_000 }),
      candidate('two', { since: 99_000 }),
    ];
    expect(allDown(candidates, undefined, at)).to.deep.equal({ since: 100_000, kept: ['one', 'two'] });
  });

  it('keep what they chose until one is up', () => {
    const memory = { since: 100_000, kept: ['one'] };
    const candidates = [candidate('one'), candidate('two', { since: 199_000 })];
    expect(allDown(candidates, memory, { ...at, now: 200_000 })).to.equal(memory);
    expect(allDown([...candidates, candidate('three', { state: 'up' })], memory, at)).to.equal(undefined);
  });

  it('wait ten seconds for a first success, then use all', () => {
    const candidates = [
      candidate('one', { state: 'unknown', everUp: false }),
      candidate('two', { everUp: false }),
    ];
    expect(allDown(candidates, undefined, { ...at, firstSight: 91_000 })).to.equal(undefined);
    expect(allDown(candidates, undefined, { ...at, firstSight: 90_000 })?.kept).to.deep.equal(['one', 'two']);
  });

  it('keep the floor with those in service first, then those that went down last', () => {
    const candidates = [
      candidate('old', { since: 1 }),
      candidate('new', { since: 2 }),
      candidate('in', { since: 0, inService: true }),
    ];
    expect(keptByFloor(candidates, 0.5, 400, 100)).to.deep.equal(['in']);
    expect(keptByFloor(candidates, 0.75, 400, 100)).to.deep.equal(['in', 'new']);
    expect(keptByFloor(candidates, 0.25, 400, 100)).to.deep.equal([]);
    expect(keptByFloor([candidate('never', { everUp: false })], 1, 400, 100)).to.deep.equal([]);
  });
});

describe('flapping', () => {
  it('holds after three downs in ten minutes: 30 s, doubling to 10 min', () => {
    const holds: number[] = [];
    let record = STEADY;
    for (let down = 0; down < 9; down++) {
      record = wentDown(record, down * 60_000);
      holds.push(record.hold / 1000);
    }
    expect(holds).to.deep.equal([0, 0, 30, 60, 120, 240, 480, 600, 600]);
    expect(wentDown(record, 2_000_000).hold, 'after a quiet while').to.equal(0);
  });
});

describe('a slow start', () => {
  it('takes ten even steps, and never begins at 0', () => {
    expect([0, 1999, 2000, 19_999, 20_000].map((now) => ramp(100, 0, 20_000, now).weight)).to.deep.equal([
      10, 10, 20, 100, 100,
    ]);
    expect(ramp(9, 0, 20_000, 0).weight, 'small weights are whole at once').to.equal(9);
    expect(ramp(100, undefined, 20_000, 0).weight, 'an inherited weight too').to.equal(100);
  });
});

describe('what happens to a destination that is down', () => {
  const modeOf = (key: string, service: object, expires?: boolean): string => {
    const declared = declare({ services: { [key]: { destinations: {}, ...service } } });
    return downMode([...declared.services.values()][0] as never, expires).mode;
  };

  it('is weight 0 where that takes it out, and removal elsewhere', () => {
    expect(modeOf('tcp:192.0.2.1:80', {})).to.equal('quiesce');
    expect(modeOf('udp:192.0.2.1:53', {})).to.equal('remove');
    expect(modeOf('udp:192.0.2.1:53', { health: { whenDown: 'quiesce' } })).to.equal('quiesce');
    expect(modeOf('fwmark:1', { onePacket: true })).to.equal('remove');
    expect(modeOf('tcp:192.0.2.1:80', { scheduler: 'dh' })).to.equal('remove');
    expect(modeOf('tcp:192.0.2.1:80', { scheduler: 'sh' })).to.equal('remove');
    expect(modeOf('tcp:192.0.2.1:80', { scheduler: 'sh', flags: ['sh-fallback'] })).to.equal('quiesce');
    expect(modeOf('tcp:192.0.2.1:80', { scheduler: 'mh' })).to.equal('quiesce');
    const persistence = { timeout: 300 };
    expect(modeOf('tcp:192.0.2.1:80', { persistence }, false)).to.equal('remove');
    expect(modeOf('tcp:192.0.2.1:80', { persistence }, true)).to.equal('quiesce');
  });
});

describe('a conflict with another program', () => {
  it('stops for a minute after three restorations in a minute, then starts again', () => {
    const conflicts = new Conflicts();
    const answers = [0, 5, 10, 15, 20, 80, 85, 150].map((second) => conflicts.changed('x', second * 1000));
    expect(answers).to.deep.equal([
      'restore',
      'restore',
      'restore',
      'pause',
      'wait',
      'pause',
      'wait',
      'pause',
    ]);
    expect(conflicts.changed('x', 600_000)).to.equal('restore');
  });
});
