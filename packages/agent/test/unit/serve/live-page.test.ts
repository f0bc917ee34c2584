import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Driver } from '../../../dist/io/driver.js';
import { EventLog } from '../../../dist/report/event-log.js';
import { LivePage } from '../../../dist/serve/live-page.js';
import { Simulation } from '../loop/simulation.js';

class Response extends EventEmitter {
  readonly writableLength = 0;
  text = '';
  isDestroyed = false;

  writeHead(): this {
    return this;
  }

  write(text: string | Buffer): boolean {
    this.text += String(text);
    return true;
  }

  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }
}

describe('a live page that fails', () => {
  it('ends its streams and says so; the agent continues, and so does a page that is opened again', async () => {
    const simulation = new Simulation();
    simulation.document({ services: { 'tcp:192.0.2.10:80': { destinations: { '10.0.0.1:80': {} } } } });
    simulation.run(1000);
    const events = new EventLog();
    let isBroken = false;
    const driver = {
      id: 'lb1',
      loop: {
        get world() {
          if (isBroken) throw new Error('a mistake of the page');
          return simulation.loop.world;
        },
      },
      feed: { status: null },
      events,
      meter: {},
      kernel: { readServices: async () => Promise.resolve([]) },
      lookEndedAt: 0,
      now: () => simulation.now,
      time: (at: number) => new Date(at).toISOString(),
    } as unknown as Driver;
    const page = new LivePage(driver);
    const first = new Response();
    page.open(first as unknown as ServerResponse, undefined);
    expect(first.text).to.include('event: snapshot');
    isBroken = true;
    events.add({ at: simulation.now, kind: 'warning', text: 'something happened' }, '');
    while (!first.isDestroyed) await sleep(5);
    expect(events.after().at(-1)?.text).to.equal('the live page failed: a mistake of the page');
    isBroken = false;
    const second = new Response();
    page.open(second as unknown as ServerResponse, undefined);
    expect(second.text).to.include('the live page failed');
    page.close();
    expect(second.isDestroyed).to.equal(true);
  });
});
