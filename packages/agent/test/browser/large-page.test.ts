import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { until } from './lab.js';
import { VirtualPage } from './virtual-page.js';
import { large } from './worlds.js';

const SERVICES = 100;
const EACH = 100;
/** Bytes that the script of the page may hold. */
const MOST_HEAP = 60_000_000;

describe('the page of 10 000 destinations', function () {
  this.timeout(Number(process.env['IPVS_TS_PATIENCE'] ?? 600) * 1000);
  let browser: Browser;
  let page: Page;
  let virtual: VirtualPage;
  const drawn = (): Promise<number> => page.locator('[role=row]').count();
  const elements = (): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);

  before(async () => {
    browser = await startBrowser();
    virtual = new VirtualPage(large(SERVICES, EACH));
    await virtual.start();
    page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
    await page.goto(virtual.url);
    await page.locator('.line.service:not(.columns)').first().waitFor();
  });
  after(async () => {
    await browser.close();
    await virtual.stop();
  });

  async function heap(): Promise<number> {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
    await session.detach();
    return usedSize;
  }

  it('draws only the rows that are seen, wherever it is scrolled to', async () => {
    await page.locator('#filter').fill('10.');
    await until('all are listed', async () =>
      (await page.locator('.found').innerText()).includes('10,000 destinations'),
    );
    expect(await drawn()).to.be.within(20, 499);
    const rows = await page.evaluate(() => document.getElementById('table')?.getAttribute('aria-rowcount'));
    expect(Number(rows)).to.equal(1 + SERVICES * (EACH + 2));
    for (const share of [0.25, 0.5, 1]) {
      await page.evaluate((at) => {
        const table = document.getElementById('table') as HTMLElement;
        table.scrollTop = at * table.scrollHeight;
      }, share);
      await until('there are rows', async () => {
        const count = await drawn();
        expect(count).to.be.below(500);
        return count > 20;
      });
    }
    await page.locator('.line', { hasText: '10.1.99.110:443' }).waitFor();
    expect(await elements()).to.be.below(5000);
  });

  it('filters as one types', async () => {
    await page.locator('#filter').fill('');
    await page.locator('#filter').pressSequentially('10.1.42.77:');
    await page.locator('.line.destination:not(.columns)', { hasText: '10.1.42.77:443' }).waitFor();
    await until(
      'the others are gone',
      async () => (await page.locator('.line.destination:not(.columns)').count()) === 1,
    );
    await page.locator('#filter').fill('');
  });

  it('scrolls without long tasks', async () => {
    await page.locator('#filter').fill('10.');
    await page.evaluate(() => {
      const state = window as unknown as { tasks: number[] };
      state.tasks = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) state.tasks.push(entry.duration);
      }).observe({ type: 'longtask' });
    });
    await page.mouse.move(500, 600);
    for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, 3000);
    await until('it is far down', async () =>
      page.evaluate(() => (document.getElementById('table')?.scrollTop ?? 0) > 50_000),
    );
    const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
    // How long a task takes depends on what else this machine does: what was drawn does not.
    process.stdout.write(
      `      long tasks while scrolling: ${tasks.map((each) => each.toFixed(0)).join(', ') || 'none'} ms\n`,
    );
    expect(await drawn()).to.be.below(500);
    await page.locator('#filter').fill('');
  });

  it('holds less than 60 MB after an hour of events', async () => {
    const names = [...virtual.simulation.loop.world.services.keys()];
    const before = await heap();
    const { simulation } = virtual;
    for (let minute = 0; minute < 60; minute++) {
      await virtual.pass(
        60,
        (second) => {
          const at = minute * 60 + second;
          const service = names[(at * 7) % names.length] as string;
          const destination = [...(simulation.loop.world.services.get(service)?.health.keys() ?? [])][
            at % EACH
          ] as string;
          if (simulation.loop.world.overrides.of(service).has(destination))
            simulation.perform(simulation.loop.endMaintenance(service, destination, simulation.now));
          else
            simulation.perform(
              simulation.loop.startMaintenance(
                {
                  service,
                  destination,
                  since: simulation.now,
                  until: simulation.now + 90_000,
                  why: 'test',
                  by: 'ada',
                },
                simulation.now,
              ),
            );
          for (const [index, name] of names.entries()) virtual.rates.set(name, (index * 13 + at * 3) % 500);
        },
        20,
      );
      // The page reads along.
      const newest = simulation.happenings.at(-1);
      await until('the page has read a minute more', async () =>
        (await page.locator('.events .event').first().innerText()).includes(newest?.text ?? '?'),
      );
    }
    const after = await heap();
    process.stdout.write(
      `      script heap: ${(before / 1e6).toFixed(1)} MB before, ${(after / 1e6).toFixed(1)} MB after ${simulation.happenings.length} events\n`,
    );
    expect(after).to.be.below(MOST_HEAP);
    expect(await drawn()).to.be.below(500);
    expect(await elements()).to.be.below(5000);
  });
});
