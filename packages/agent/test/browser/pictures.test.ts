import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { type DirectorRecord, failed, type Probe, passed } from '@ipvs-ts/agent';
import { startBrowser } from './browser.js';
import { until } from './lab.js';
import { VirtualPage } from './virtual-page.js';
import { site } from './worlds.js';

const MOST_BYTES = 150_000;
/** Where pictures are kept; undefined: they are only made, not kept. */
const FOLDER = process.env['IPVS_TS_PICTURES'];

const WEB = 'tcp:192.0.2.10:443';
const MORE = 'tcp:192.0.2.10:80';
const DATABASE = 'tcp:192.0.2.30:5432';
const CHECK = { tcp: {}, port: 8080, interval: '5s', failingInterval: '1s', timeout: '2s', fall: 3, rise: 2 };

/** Pseudo-random numbers, the same in every run. */
function chance(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

describe('the pictures of the page', function () {
  this.timeout(Number(process.env['IPVS_TS_PATIENCE'] ?? 600) * 1000);
  let browser: Browser;
  let virtual: VirtualPage;
  const dead = new Map<string, string>();

  before(async () => {
    virtual = new VirtualPage(site(CHECK), ({ address }: Probe, now) => {
      const reason = dead.get(address);
      const number = Number(address.split(/[.:]/).at(-1));
      return reason === undefined
        ? { ...passed('connected'), milliseconds: 0.4 + (number % 5) / 3 + chance(now + number) * 2 }
        : { ...failed(reason), milliseconds: 2 };
    });
    await virtual.start();
    const { simulation } = virtual;
    const names = [...simulation.loop.world.services.keys()];
    await virtual.pass(310, (second) => {
      for (const [index, name] of names.entries()) {
        const wave = 1 + 0.35 * Math.sin(second / 40 + index * 2) + 0.25 * chance(second + index);
        virtual.rates.set(name, ([840, 310, 1900, 12, 260, 45, 130][index] as number) * wave);
        const table = simulation.table.get(name)?.destinations;
        for (const [at, [destination, { weight }]] of [...(table ?? [])].entries())
          if (second % 5 === 0)
            simulation.byHand(name, destination, {
              activeConnections:
                weight === 0
                  ? Math.max(0, 30 - second + 240)
                  : Math.round(60 + 40 * chance(at + index + second / 60)),
              inactiveConnections: Math.round(200 * chance(at * 7 + index)),
            });
      }
      if (second === 120) for (const last of [11, 12, 13]) dead.set(`10.0.4.${last}`, 'connection refused');
      if (second === 200) dead.set('10.0.1.14', 'no answer within 2 s');
      if (second === 240) dead.set('10.0.1.17', 'connection refused');
      if (second === 275) dead.delete('10.0.1.17');
      if (second === 250) {
        const { now } = simulation;
        const request = { service: MORE, destination: '10.0.1.12:80', since: now, until: now + 7_200_000 };
        simulation.perform(simulation.loop.startMaintenance({ ...request, why: 'new disk', by: 'ada' }, now));
      }
      if (second === 300) {
        const { services } = site(CHECK);
        const { [WEB]: web, [DATABASE]: _, ...rest } = services;
        simulation.document(
          { services: { ...rest, [WEB]: { ...web, destinations: { '10.0.1.11:443': {} } } } },
          '7c01fa93e2b4',
        );
      }
    });
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    await virtual.stop();
  });

  async function open(width: number, height: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
    await page.goto(virtual.url);
    await page.getByText(WEB).first().click();
    await page.locator('.line.is-down', { hasText: '10.0.1.14:443' }).click();
    await until('the checks are there', async () => (await page.locator('.line .ticks').count()) >= 8);
    await page.mouse.move(0, 0);
    return page;
  }

  async function picture(page: Page, name: string): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 88 });
    const bytes = Buffer.from(data, 'base64');
    expect(bytes.length, name).to.be.within(5000, MOST_BYTES);
    if (FOLDER !== undefined) writeFileSync(join(FOLDER, `${name}.webp`), bytes);
    await page.close();
  }

  it('are small, light and dark', async () => {
    await picture(await open(1440, 820, 'light'), 'page');
    await picture(await open(1440, 820, 'dark'), 'page-dark');
  });

  it('show the fleet where there is a store', async () => {
    const director = (id: string, revision: string, fit: boolean): DirectorRecord => ({
      version: 1,
      id,
      instance: id,
      program: '0.1.0',
      revision,
      fit,
      doubt: false,
      obstacle: fit ? null : 'the document has mistakes; the first: weight must be an integer',
      order: 'x',
      destinations: 30,
      out: fit ? {} : { [WEB]: { '10.0.1.14:443': 'down' } },
    });
    const current = 'b4e0da834de3';
    virtual.store = {
      kind: 'etcd',
      prefix: '/ipvs-ts/edge/',
      endpoint: 'https://10.0.0.5:2379',
      connected: true,
      age: 10,
      problem: null,
      rollout: { current, candidate: '7c01fa93e2b4', canary: 'lb2', state: 'baking', reason: null },
    };
    virtual.fleet = {
      directors: [director('lb1', current, true), director('lb2', '7c01fa93e2b4', false)],
      settled: false,
      disagreements: [{ service: WEB, destination: '10.0.1.14:443', states: { lb1: 'up', lb2: 'down' } }],
      ordersDiffer: true,
    };
    await virtual.pass(1);
    const page = await open(1440, 820, 'dark');
    const text = await page.getByLabel('Fleet').innerText();
    for (const part of [
      'baking',
      '7c01fa93e2b4 is tried on lb2',
      'lb1 (this one)',
      '29 of 30 up',
      'follows another revision',
      'in different orders',
      '10.0.1.14:443 of tcp:192.0.2.10:443: lb1 says up, lb2 says down',
    ])
      expect(text.replace(/\s+/g, ' ')).to.include(part);
    await page.close();
    virtual.store = { ...virtual.store, connected: false, problem: 'the store does not answer' };
    virtual.fleet = undefined;
    await virtual.pass(1);
    const silent = await open(1440, 820, 'light');
    expect(await silent.locator('.alerts').innerText()).to.include('Store: the store does not answer.');
    expect(await silent.getByLabel('Fleet').innerText()).to.include('store silent');
    await silent.close();
    virtual.store = null;
    await virtual.pass(1);
  });

  it('show a small screen', async () => {
    await picture(await open(400, 800, 'light'), 'page-small');
  });
});
