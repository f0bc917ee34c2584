import { expect } from 'chai';
import fc from 'fast-check';
import { type StoreEffect, type StoreInput, StoreWatch } from '../../../dist/source/store-watch.js';

const kinds = (effects: readonly StoreEffect[]): string[] => effects.map(({ kind }) => kind);
const entry = (key: string, value: string): { key: string; value: string } => ({ key, value });
const snapshot = (effects: readonly StoreEffect[]): Record<string, string> | undefined => {
  const found = effects.find((effect) => effect.kind === 'snapshot');
  return found === undefined ? undefined : Object.fromEntries(found.entries);
};

describe('a watch of the store', () => {
  let watch: StoreWatch;
  const handle = (input: StoreInput, now = 0): StoreEffect[] => watch.handle(input, now);

  beforeEach(() => {
    watch = new StoreWatch({ spread: 0.5 });
  });

  it('reads all keys, and watches from the next revision on', () => {
    expect(watch.start()).to.deep.equal([{ kind: 'read', attempt: 1 }]);
    const effects = handle({ kind: 'read', attempt: 1, revision: 7, entries: [entry('a', '1')] });
    expect(snapshot(effects)).to.deep.equal({ a: '1' });
    expect(effects.find(({ kind }) => kind === 'watch')).to.deep.equal({
      kind: 'watch',
      attempt: 1,
      from: 8,
    });
  });

  it('applies changes once, in their order, and reports only what differs', () => {
    watch.start();
    handle({ kind: 'read', attempt: 1, revision: 7, entries: [entry('a', '1')] });
    const change = { kind: 'changes', attempt: 1, changes: [{ key: 'a', value: '2', revision: 8 }] } as const;
    expect(snapshot(handle(change))).to.deep.equal({ a: '2' });
    expect(handle(change)).to.deep.equal([]);
    const gone = { key: 'a', value: undefined, revision: 9 };
    expect(snapshot(handle({ kind: 'changes', attempt: 1, changes: [gone] }))).to.deep.equal({});
  });

  it('reads all keys again where changes were compacted, and reports what differs', () => {
    watch.start();
    handle({ kind: 'read', attempt: 1, revision: 7, entries: [entry('a', '1')] });
    expect(handle({ kind: 'lost', attempt: 1 })).to.deep.equal([{ kind: 'read', attempt: 2 }]);
    const same = handle({ kind: 'read', attempt: 2, revision: 30, entries: [entry('a', '1')] });
    expect(kinds(same)).to.deep.equal(['watch', 'wake']);
    handle({ kind: 'lost', attempt: 2 });
    const other = handle({ kind: 'read', attempt: 3, revision: 50, entries: [entry('a', '9')] });
    expect(snapshot(other)).to.deep.equal({ a: '9' });
  });

  it('ignores answers to earlier attempts', () => {
    watch.start();
    handle({ kind: 'read', attempt: 1, revision: 7, entries: [] });
    handle({ kind: 'lost', attempt: 1 });
    for (const kind of ['lost', 'failed'] as const)
      expect(handle({ kind, attempt: 1, reason: 'late' })).to.deep.equal([]);
    const late = { kind: 'changes', attempt: 1, changes: [{ key: 'a', value: '2', revision: 8 }] } as const;
    expect(handle(late)).to.deep.equal([]);
  });

  it('tries the next endpoint after a failure, with longer and longer pauses up to five seconds', () => {
    watch.start();
    let now = 0;
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt++) {
      const effects = handle({ kind: 'failed', attempt, reason: 'refused' }, now);
      expect(kinds(effects)).to.deep.equal(['silent', 'rotate', 'wake']);
      const wake = effects.find((effect) => effect.kind === 'wake');
      pauses.push((wake?.at ?? 0) - now);
      now = wake?.at ?? 0;
      expect(handle({ kind: 'tick' }, now)).to.deep.equal([{ kind: 'read', attempt: attempt + 1 }]);
    }
    expect(pauses[0]).to.equal(100);
    expect(pauses.at(-1)).to.equal(5000);
    expect([...pauses].sort((a, b) => a - b)).to.deep.equal(pauses);
  });

  it('sends a heartbeat every five seconds, one at a time', () => {
    watch.start();
    const [, , wake] = handle({ kind: 'read', attempt: 1, revision: 7, entries: [] }, 0);
    const at = wake?.kind === 'wake' ? wake.at : 0;
    expect(kinds(handle({ kind: 'tick' }, at))).to.deep.equal(['pulse', 'wake']);
    expect(kinds(handle({ kind: 'tick' }, at + 5000))).to.deep.equal(['wake']);
    handle({ kind: 'alive', attempt: 1, revision: 7, modified: 3 }, at + 5100);
    expect(kinds(handle({ kind: 'tick' }, at + 10_000))).to.deep.equal(['pulse', 'wake']);
  });

  it('reads again if a heartbeat sees, for the second time, a change that the watch did not report', () => {
    watch.start();
    handle({ kind: 'read', attempt: 1, revision: 7, entries: [] });
    expect(handle({ kind: 'alive', attempt: 1, revision: 9, modified: 9 })).to.deep.equal([]);
    expect(kinds(handle({ kind: 'alive', attempt: 1, revision: 9, modified: 9 }))).to.deep.equal(['read']);
  });

  it('reports a store that lost revisions: in a reading, in a heartbeat, and after a restart', () => {
    watch.start();
    handle({ kind: 'read', attempt: 1, revision: 70, entries: [entry('a', '1')] });
    expect(kinds(handle({ kind: 'alive', attempt: 1, revision: 12, modified: 3 }))).to.deep.equal(['read']);
    const [effect] = handle({ kind: 'read', attempt: 2, revision: 12, entries: [entry('a', '1')] });
    expect(effect).to.include({ kind: 'snapshot', wentBack: true, revision: 12 });
    const restarted = new StoreWatch({ spread: 0, lastRevision: 70 });
    restarted.start();
    const [after] = restarted.handle({ kind: 'read', attempt: 1, revision: 12, entries: [] }, 0);
    expect(after).to.include({ kind: 'snapshot', wentBack: true });
  });

  it('holds the same keys as the store in the end, whatever is lost on the way', () => {
    const step = fc.constantFrom('set', 'delete', 'lose', 'fail', 'repeat');
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(4)), { maxLength: 60 }), (steps) => {
        const followed = new StoreWatch({ spread: 0.3 });
        const store = new Map<string, string>();
        let revision = 1;
        let now = 0;
        let held: Record<string, string> | undefined;
        let attempt = 0;
        const queue = [...followed.start()];
        const settle = (): void => {
          for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) {
            if (effect.kind === 'snapshot') held = Object.fromEntries(effect.entries);
            if (effect.kind === 'read') {
              ({ attempt } = effect);
              const entries = [...store].map(([key, value]) => ({ key, value }));
              queue.push(...followed.handle({ kind: 'read', attempt, revision, entries }, now));
            }
          }
        };
        settle();
        for (const [kind, number] of steps) {
          const key = `k${number}`;
          if (kind === 'set' || kind === 'delete') {
            revision += 1;
            const value = kind === 'set' ? `v${revision}` : undefined;
            if (value === undefined) store.delete(key);
            else store.set(key, value);
            queue.push(
              ...followed.handle({ kind: 'changes', attempt, changes: [{ key, value, revision }] }, now),
            );
          } else if (kind === 'repeat') {
            const changes = [...store].map(([each, value]) => ({ key: each, value, revision }));
            queue.push(...followed.handle({ kind: 'changes', attempt, changes }, now));
          } else {
            const input =
              kind === 'lose' ? { kind: 'lost' as const } : { kind: 'failed' as const, reason: 'x' };
            queue.push(...followed.handle({ ...input, attempt }, now));
            now += 10_000;
            queue.push(...followed.handle({ kind: 'tick' }, now));
          }
          settle();
        }
        expect(held).to.deep.equal(Object.fromEntries(store));
      }),
    );
  });
});
