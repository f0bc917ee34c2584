import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { PageFeed } from '../../../dist/page/page-feed.js';
import type { Change } from '../../../dist/page/wire.js';
import { PageStreams } from '../../../dist/serve/page-streams.js';

/** A page that reads when the test lets it. */
class SlowPage extends EventEmitter {
  readonly read: string[] = [];
  isDestroyed = false;
  #waiting: string[] = [];
  isReading = true;

  get writableLength(): number {
    return this.#waiting.reduce((sum, text) => sum + text.length, 0);
  }

  writeHead(): this {
    return this;
  }

  write(text: string | Buffer): boolean {
    this.#waiting.push(String(text));
    if (this.isReading) this.take();
    return true;
  }

  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }

  /** Reads all that waits. */
  take(): void {
    this.read.push(...this.#waiting);
    this.#waiting = [];
    this.emit('drain');
  }

  /** Returns and clears the kinds of messages that it has read, without heartbeats. */
  kinds(): string[] {
    const kinds = this.read.map((text) => /^event: (\w+)/.exec(text)?.[1] ?? text);
    this.read.length = 0;
    return kinds.filter((kind) => kind !== 'beat');
  }
}

const change = (size: number): Change => ({ order: ['x'.repeat(size)] });

describe('the streams of pages', () => {
  let snapshots: number;
  let streams: PageStreams;
  let closed: number;

  beforeEach(() => {
    snapshots = 0;
    closed = 0;
    const feed = { snapshot: () => ({ snapshot: ++snapshots }) } as unknown as PageFeed;
    streams = new PageStreams(feed, () => ({ now: 1, wall: 2, kernelAt: 1 }));
  });

  function open(after?: string): SlowPage {
    const page = new SlowPage();
    streams.open(page as unknown as ServerResponse, after, () => (closed += 1));
    return page;
  }

  it('create a message once, and one snapshot for all pages that connect at a time', () => {
    const [one, two] = [open(), open()];
    expect([...one.kinds(), ...two.kinds()]).to.deep.equal(['snapshot', 'snapshot']);
    expect(snapshots).to.equal(1);
    streams.send(change(10));
    expect([...one.kinds(), ...two.kinds()]).to.deep.equal(['change', 'change']);
    open();
    expect(snapshots).to.equal(2);
  });

  it('write nothing more to a page that does not read, and then what it missed', () => {
    const [slow, fast] = [open(), open()];
    slow.kinds();
    fast.kinds();
    slow.isReading = false;
    for (let count = 0; count < 10; count++) streams.send(change(100_000));
    streams.beat();
    // What waits for it is bounded by one message more than the limit.
    expect(slow.writableLength).to.be.below(400_000);
    expect(fast.kinds()).to.have.length(10);
    slow.isReading = true;
    slow.take();
    expect(slow.kinds()).to.deep.equal(Array(10).fill('change'));
    expect(snapshots).to.equal(1);
  });

  it('write everything to a page that missed more than is kept', () => {
    const slow = open();
    slow.kinds();
    slow.isReading = false;
    for (let count = 0; count < 100; count++) streams.send(change(100_000));
    expect(slow.writableLength).to.be.below(400_000);
    slow.isReading = true;
    slow.take();
    expect(slow.kinds().filter((kind) => kind === 'snapshot')).to.have.length(1);
    streams.send(change(10));
    expect(slow.kinds()).to.deep.equal(['change']);
  });

  it('write what it missed to a page that comes back, if its number is one of theirs', () => {
    const page = open();
    streams.send(change(10));
    const id = /^id: (.*)$/m.exec(page.read.at(-1) ?? '')?.[1] ?? '';
    page.destroy();
    expect([closed, streams.size]).to.deep.equal([1, 0]);
    streams.send(change(10));
    streams.send(change(10));
    expect(open(id).kinds()).to.deep.equal(['change', 'change']);
    for (const other of [
      '',
      'x',
      `${id}9`,
      id.replace(/^./, 'g'),
      `${id}.1`,
      id.replace(/\d+$/, '-1'),
      id.replace(/\d+$/, '1e0'),
    ])
      expect(open(other).kinds(), other).to.satisfy((kinds: string[]) => kinds.length > 0);
    expect(open('x.1').kinds()).to.deep.equal(['snapshot']);
  });

  it('end with their listener', () => {
    const pages = [open(), open()];
    streams.close();
    expect(pages.every(({ isDestroyed }) => isDestroyed)).to.equal(true);
    expect(streams.size).to.equal(0);
  });
});
