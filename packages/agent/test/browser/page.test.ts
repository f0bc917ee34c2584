import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { failed } from '@ipvs-ts/agent';
import { startBrowser } from './browser.js';
import { freePort, Lab, until } from './lab.js';
import { Proxy } from './proxy.js';
import { SITE } from './worlds.js';

const WEB = 'tcp:192.0.2.10:443';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** The violations that axe-core finds on the page. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<Violation[]>(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n${failureSummary}`),
  );
}

/** The text of the line of a destination; empty: it is not drawn. */
async function lineOf(page: Page, name: string): Promise<string> {
  const line = page.locator('.line.destination', { hasText: name });
  return (await line.count()) === 0 ? '' : line.first().innerText();
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

describe('the page in a browser', function () {
  this.timeout(Number(process.env['IPVS_TS_PATIENCE'] ?? 300) * 1000);
  let browser: Browser;
  let lab: Lab;
  let page: Page;
  /** Errors and warnings of the browser. */
  let complaints: string[];

  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  beforeEach(() => {
    lab = new Lab();
    complaints = [];
  });
  afterEach(async () => {
    await page.close();
    await lab.close();
  });

  async function open(url = lab.url, width = 1600, height = 900): Promise<void> {
    page = await browser.newPage({ viewport: { width, height } });
    page.on('console', (message) => {
      // The test itself causes network errors.
      if (message.type() === 'error' && !message.text().includes('net::ERR_'))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    await page.locator('.line.service:not(.columns)').first().waitFor();
  }

  it('is one file that loads nothing, sets no cookie and runs nothing but its own script', async () => {
    await lab.start(SITE);
    page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
    const response = await page.goto(lab.url);
    await page.locator('.line.service:not(.columns)').first().waitFor();
    expect(requests).to.deep.equal(['GET /', 'GET /stream']);
    const headers = await response?.allHeaders();
    expect(headers?.['content-security-policy']).to.match(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self';/,
    );
    expect(headers).not.to.have.property('set-cookie');
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script');
      try {
        script.text = 'window.ran = true';
      } catch {
        return 'refused';
      }
      document.body.append(script);
      return 'ran' in window ? 'ran' : 'refused';
    });
    expect(ran).to.equal('refused');
    expect(
      await page.evaluate(() =>
        fetch('http://127.0.0.1:9/').then(
          () => 'sent',
          () => 'refused',
        ),
      ),
    ).to.equal('refused');
  });

  it('shows a server that dies, and that it is back', async () => {
    const port = await freePort();
    const names = ['127.0.1.11', '127.0.1.12'].map((address) => `${address}:${port}`);
    const check = {
      http: { path: '/' },
      interval: '200ms',
      failingInterval: '100ms',
      timeout: '2s',
      fall: 2,
      rise: 1,
    };
    const servers: Server[] = [];
    for (const address of ['127.0.1.11', '127.0.1.12']) servers.push(await lab.web(address, port));
    await lab.start({
      services: {
        'tcp:192.0.2.10:80': {
          scheduler: 'wlc',
          check,
          destinations: Object.fromEntries(names.map((name) => [name, { weight: 100 }])),
        },
      },
    });
    await open();
    await page.getByText('tcp:192.0.2.10:80').first().click();
    await until('both are up', async () => (await page.locator('.line.is-up').count()) === 2);
    let reportedAt = 0;
    const unfollow = lab.agent.onEvent(({ kind, destination, text }) => {
      if (kind === 'state' && destination === names[1] && text.includes('→ down'))
        reportedAt ||= performance.now();
    });
    const [, dying] = servers;
    dying?.closeAllConnections();
    dying?.close();
    await page.locator('.line.is-down').waitFor();
    const shownAt = performance.now();
    unfollow();
    expect(reportedAt, 'the page shows what the agent has reported').to.be.within(1, shownAt);
    measured(`shown ${(shownAt - reportedAt).toFixed(0)} ms after the event of the agent`);
    expect(await lineOf(page, names[1] as string)).to.match(/down[^]*0 of 100[^]*connection refused/);
    expect(await page.locator('.line.service .share').innerText()).to.equal('50%');
    await page.locator('.events li', { hasText: 'connection refused' }).first().waitFor();
    await lab.web('127.0.1.12', port);
    await until('both are up again', async () => (await page.locator('.line.is-up').count()) === 2);
    expect(complaints).to.deep.equal([]);
  });

  it('continues after its stream was cut, without a loss', async () => {
    await lab.start(SITE);
    const proxy = new Proxy(() => Number(new URL(lab.url).port));
    await proxy.start();
    try {
      await open(proxy.url);
      await page.locator('.clock.live').waitFor();
      const streams = (): string[] => proxy.requests.filter((each) => each.startsWith('GET /stream'));
      for (const [round, address] of ['10.0.1.14', '10.0.1.15', '10.0.1.16'].entries()) {
        proxy.cut(true);
        lab.fails(address, 'status 503, not 200-299');
        await until('the agent reports it', () =>
          lab.agent
            .events()
            .some(({ destination, text }) => destination === `${address}:443` && text.includes('down')),
        );
        proxy.open();
        await page
          .locator('.events li', { hasText: `${address}:443` })
          .filter({ hasText: 'down' })
          .first()
          .waitFor();
        expect(streams().length).to.be.at.least(round + 2);
        expect(streams().at(-1)).to.match(/^GET \/stream\?after=[0-9a-f]+\.\d+$/);
      }
      const events = lab.agent.events();
      await until('every event is there once', async () => {
        // One step in the page, since the button leaves with the last events.
        await page.getByText('Show older events').evaluateAll((buttons) => {
          for (const button of buttons) (button as HTMLElement).click();
        });
        return (await page.locator('.events .event').count()) === lab.agent.events().length;
      });
      expect(events.length).to.be.above(3);
      expect(complaints).to.deep.equal([]);
    } finally {
      await proxy.close();
    }
  });

  it('turns its clock red when the agent is silent, and continues with an agent that was restarted', async () => {
    await lab.start(SITE);
    const proxy = new Proxy(() => Number(new URL(lab.url).port));
    await proxy.start();
    try {
      await open(proxy.url);
      await page.locator('.clock.live').waitFor();
      proxy.hold(true);
      await page.locator('.clock.stale').waitFor();
      expect(await page.locator('.fit').innerText()).to.equal('not known');
      expect(await page.locator('.alerts').innerText()).to.include('The agent does not answer');
      expect(await page.title()).to.include('silent');
      expect(await violations(page)).to.deep.equal([]);
      proxy.hold(false);
      await page.locator('.clock.live').waitFor();
      await lab.stop();
      await page.locator('.clock.stale').waitFor();
      lab.fails('10.0.1.12', 'timeout');
      await lab.run();
      await page.locator('.clock.live').waitFor();
      await page.locator('#filter').fill('10.0.1.12 down');
      await until('the new agent is shown', async () => (await page.locator('.line.is-down').count()) >= 1);
    } finally {
      await proxy.close();
    }
  });

  it('shows names as text, however hostile and long they are', async () => {
    const hostile = `<script>window.hacked = true</script><img src=x onerror="window.hacked = true">${'<b>'.repeat(3400)}`;
    await lab.start(SITE);
    await lab.agent.startMaintenance({
      service: WEB,
      destination: '10.0.1.11:443',
      why: hostile,
      by: hostile,
      force: true,
    });
    lab.results.set('10.0.1.12', failed(hostile));
    await open(lab.url, 400, 800);
    await page.getByText(WEB).first().click();
    await page.locator('.line.is-down').first().waitFor();
    await page.locator('.line.is-down').first().click();
    lab.write(`${hostile}: [`);
    await page.locator('.alert', { hasText: 'mistake' }).waitFor();
    lab.write(JSON.stringify({ services: { [hostile]: { [hostile]: hostile } } }));
    await page.locator('.alert', { hasText: 'script' }).waitFor();
    for (const width of [400, 1600]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overflow(page), `${width} pixels`).to.be.at.most(0);
    }
    expect(await page.evaluate(() => 'hacked' in window)).to.equal(false);
    expect(await page.locator('script').count()).to.equal(1);
    expect(await page.locator('img, b:has(b)').count()).to.equal(0);
    expect(complaints).to.deep.equal([]);
  });

  it('can be used with the keyboard alone', async () => {
    await lab.start(SITE);
    lab.fails('10.0.1.14', 'status 503, not 200-299');
    await open();
    const isActive = (text: string): Promise<void> =>
      until(`${text} is active`, async () => (await page.locator('.line.active').innerText()).includes(text));
    await page.keyboard.press('Tab');
    // The numbers of the band filter by state; the field and the table follow.
    await until('the field is reached', async () => {
      if (await page.evaluate(() => document.activeElement?.id === 'filter')) return true;
      await page.keyboard.press('Tab');
      return false;
    });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal('table');
    await page.keyboard.press('ArrowDown');
    await isActive(WEB);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await isActive('10.0.1.11:443');
    const described = await page.evaluate(() => {
      const id = document.activeElement?.getAttribute('aria-activedescendant') ?? '';
      return document.getElementById(id)?.innerText;
    });
    expect(described).to.include('10.0.1.11:443');
    await page.getByLabel('Destination 10.0.1.11:443').waitFor();
    await page.keyboard.press('ArrowLeft');
    await isActive(WEB);
    await page.keyboard.press('ArrowLeft');
    await until('it is closed', async () => (await page.locator('.line.destination').count()) === 0);
    await page.keyboard.press('End');
    await isActive('fwmark:7');
    await page.keyboard.press('/');
    await page.keyboard.type('down 10.0.1');
    await until(
      'the one that is down is found',
      async () => (await page.locator('.line.is-down').count()) === 2,
    );
    await until('the others are not', async () => (await page.locator('.line.is-up').count()) === 0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await isActive('10.0.1.14:443');
    await page.keyboard.press('Escape');
    await until('the filter is empty', async () => (await page.locator('#filter').inputValue()) === '');
    await page.locator('.chosen .close').focus();
    await page.keyboard.press('Enter');
    await until('it is closed', async () => (await page.locator('.chosen').count()) === 0);
    expect(complaints).to.deep.equal([]);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [400, 1600])
      it(`passes axe without a finding, ${colorScheme}, ${width} pixels wide`, async () => {
        await lab.start(SITE);
        for (const address of ['10.0.1.14', '10.0.4.11', '10.0.4.12', '10.0.4.13'])
          lab.fails(address, 'timeout');
        await lab.agent.startMaintenance({
          service: WEB,
          destination: '10.0.1.12:443',
          why: 'new disk',
          by: 'ada',
          force: true,
        });
        await open(lab.url, width);
        await page.emulateMedia({ colorScheme });
        await page.getByText(WEB).first().click();
        await page.locator('.line.is-down').first().click();
        await page.locator('.line.is-up .ticks').first().waitFor();
        lab.write('services: [');
        await page.locator('.alert').first().waitFor();
        expect(await violations(page)).to.deep.equal([]);
        expect(await overflow(page)).to.be.at.most(0);
        expect(complaints).to.deep.equal([]);
      });

  it('fits screens from 400 to 4000 pixels', async () => {
    await lab.start(SITE);
    await open();
    await page.getByText(WEB).first().click();
    for (const width of [400, 500, 701, 760, 1000, 1279, 1280, 1920, 2560, 4000]) {
      await page.setViewportSize({ width, height: Math.max(700, width / 2) });
      await page.locator('.line.destination').first().waitFor();
      expect(await overflow(page), `${width} pixels`).to.be.at.most(0);
    }
  });
});

/** A measurement: it decides nothing, since machines are busy. */
function measured(text: string): void {
  process.stdout.write(`      ${text}\n`);
}
