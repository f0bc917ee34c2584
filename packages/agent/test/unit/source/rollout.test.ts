import { expect } from 'chai';
import fc from 'fast-check';
import { chunksOf } from '../../../dist/source/chunks.js';
import { type CanaryState, judgeCanary } from '../../../dist/source/canary.js';
import {
  followedRevision,
  promoted,
  readRollout,
  type Rollout,
  stopped,
  withRevision,
  writeRollout,
} from '../../../dist/source/rollout.js';
import {
  chunkKey,
  overrideKey,
  overrideOf,
  prefixRange,
  storeKeys,
  watchedRange,
} from '../../../dist/source/store-keys.js';

const revision = (number: number): string => number.toString(16).padStart(12, '0');
const past = (number: number): { revision: string; at: string; by: string } => ({
  revision: revision(number),
  at: '2026-01-01T00:00:00.000Z',
  by: 'ada',
});
const plain = { allowRemovals: false, bake: 60_000 };

describe('a rollout', () => {
  it('puts the first document into force at once, and others on the canary first', () => {
    const first = withRevision(undefined, past(1), plain);
    expect(first).to.include({ current: revision(1), candidate: null, state: 'settled' });
    const second = withRevision(first, past(2), { ...plain, canary: 'lb1' });
    expect(second).to.include({ current: revision(1), candidate: revision(2), state: 'baking' });
    expect(followedRevision(second, 'lb1')).to.equal(revision(2));
    expect(followedRevision(second, 'lb2')).to.equal(revision(1));
    expect(promoted(second)).to.include({
      current: revision(2),
      candidate: null,
      canary: null,
      state: 'settled',
    });
    const failed = stopped(second, 'a went down');
    expect(followedRevision(failed, 'lb1')).to.equal(revision(1));
    expect(failed.reason).to.equal('a went down');
  });

  it('keeps ten revisions, the one in force among them, each once', () => {
    let rollout: Rollout | undefined;
    for (let number = 1; number <= 15; number++) rollout = withRevision(rollout, past(number), plain);
    expect(rollout?.history.map((each) => each.revision)).to.deep.equal(
      [15, 14, 13, 12, 11, 10, 9, 8, 7, 6].map(revision),
    );
    const back = withRevision(rollout, past(9), plain);
    expect(back.history.map((each) => each.revision)).to.deep.equal(
      [9, 15, 14, 13, 12, 11, 10, 8, 7, 6].map(revision),
    );
    let trial = back;
    for (let number = 20; number < 40; number++)
      trial = stopped(withRevision(trial, past(number), { ...plain, canary: 'lb1' }), 'no');
    expect(trial.history).to.have.length(10);
    expect(trial.history.map((each) => each.revision)).to.include(revision(9));
  });

  it('is read as it was written; anything else is an error that names the fault', () => {
    const rollout = withRevision(withRevision(undefined, past(1), plain), past(2), {
      ...plain,
      canary: 'lb1',
    });
    expect(readRollout(writeRollout(rollout))).to.deep.equal(rollout);
    const value = JSON.parse(writeRollout(rollout)) as object;
    const cases: [object, RegExp][] = [
      [{ version: 2 }, /version is 2/],
      [{ current: 'x' }, /current must be a revision/],
      [{ candidate: 7 }, /candidate must be/],
      [{ canary: null }, /no canary/],
      [{ bake: '60' }, /bake must be a duration/],
      [{ state: 'done' }, /state must be/],
      [{ allowRemovals: undefined }, /allowRemovals must be true or false, not absent/],
      [{ history: [{}] }, /history must be/],
    ];
    for (const [change, message] of cases)
      expect(readRollout(JSON.stringify({ ...value, ...change }))).to.match(message);
    expect(readRollout('{')).to.equal('it is not JSON');
    fc.assert(
      fc.property(fc.jsonValue(), (each) => {
        const read = readRollout(JSON.stringify(each));
        expect(read).to.be.a('string');
      }),
    );
  });
});

describe('a canary', () => {
  const state: CanaryState = {
    since: 1000,
    obstacle: undefined,
    downBefore: new Set(['old of s']),
    down: ['old of s'],
    unknown: 0,
    doubt: false,
    unfitness: [],
  };
  const cases: [string, Partial<CanaryState>, number, object][] = [
    ['waits for its document', { since: undefined }, 99_000, { kind: 'wait', until: undefined }],
    ['waits while it bakes', {}, 30_000, { kind: 'wait', until: 61_000 }],
    ['promotes a document that did well', {}, 61_000, { kind: 'promote' }],
    [
      'waits for destinations that are not judged yet',
      { unknown: 1 },
      61_000,
      { kind: 'wait', until: undefined },
    ],
    [
      'stops at a new down',
      { down: ['old of s', 'new of s'] },
      2000,
      { kind: 'stop', reason: 'new of s went down' },
    ],
    ['stops at mistakes', { obstacle: 'it has mistakes' }, 2000, { kind: 'stop', reason: 'it has mistakes' }],
    ['stops when it is not fit', { unfitness: ['s is out'] }, 61_000, { kind: 'stop', reason: 's is out' }],
  ];
  for (const [what, change, now, verdict] of cases)
    it(what, () => {
      expect(judgeCanary({ ...state, ...change }, 60_000, now)).to.deep.equal(verdict);
    });

  it('stops at a doubt', () => {
    expect(judgeCanary({ ...state, doubt: true }, 60_000, 2000)).to.include({ kind: 'stop' });
  });
});

describe('keys and chunks of the store', () => {
  const keys = storeKeys('/ipvs-ts/edge/');

  it('watch maintenance and the rollout, and neither documents nor directors', () => {
    const { key, end } = watchedRange(keys);
    const isWatched = (each: string): boolean => each >= key && each < end;
    expect(isWatched(keys.rollout)).to.equal(true);
    expect(isWatched(overrideKey(keys, 'tcp:192.0.2.10:80', '10.0.0.1:80'))).to.equal(true);
    expect(isWatched(chunkKey(keys, revision(1), 0))).to.equal(false);
    expect(isWatched(`${keys.directors}lb1`)).to.equal(false);
    const { key: from, end: to } = prefixRange('/a/');
    expect('/a/z' >= from && '/a/z' < to && !('/b' < to)).to.equal(true);
  });

  it('name the destination of a maintenance', () => {
    const names = { service: 'tcp:[2001:db8::1]:80', destination: '[2001:db8::2]:80' };
    expect(overrideOf(keys, overrideKey(keys, names.service, names.destination))).to.deep.equal(names);
    for (const key of [keys.rollout, `${keys.overrides}x`, `${keys.overrides}/y`, `${keys.overrides}a/b/c`])
      expect(overrideOf(keys, key)).to.equal(undefined);
  });

  it('cut a text into chunks below the limit of a request, and never inside a character', () => {
    const long = 'é€😀a'.repeat(200_000);
    const chunks = chunksOf(long);
    expect(chunks.join('')).to.equal(long);
    expect(chunks.length).to.be.above(3);
    for (const chunk of chunks) {
      expect(Buffer.byteLength(chunk)).to.be.at.most(512 * 1024);
      expect(Buffer.from(chunk, 'utf8').toString('utf8')).to.equal(chunk);
    }
    expect(chunksOf('')).to.deep.equal(['']);
  });
});
