/** `npm run pictures`: draws a terminal, with a real kernel behind it, as pictures in the given directory. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture } from './picture.js';
import { SERVERS, Site, WEB } from './site.js';
import { Terminal } from './terminal.js';

const COLUMNS = 100;
const TOP_ROWS = 17;
const PLAN_ROWS = 30;
const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('say where the pictures go');

/** Differs from what is set by servers that are new, changed, back and gone, and by a timeout. */
const DECLARED = `services:
  ${WEB}:
    scheduler: wlc
    destinations:
      ${SERVERS[0]}: { forwarding: masq, weight: 3 }
      ${SERVERS[1]}: { forwarding: masq }
      10.0.0.14:8443: { forwarding: masq }
  tcp:192.0.2.20:8080:
    scheduler: rr
    destinations:
      10.0.0.21:8080: { forwarding: masq }
      10.0.0.22:8080: { forwarding: masq }
  udp:192.0.2.53:53:
    scheduler: wrr
    destinations:
      10.0.0.51:53: { forwarding: masq }
      10.0.0.52:53: { forwarding: masq }
  tcp:192.0.2.30:25:
    scheduler: rr
    destinations:
      10.0.0.31:25: { forwarding: masq }
timeouts: { tcp: 1800 }
`;

const site = new Site();
await site.start();
const terminal = await Terminal.open(site.name, COLUMNS, TOP_ROWS);
try {
  await prompt();
  await terminal.type('ipvs-ts top');
  await terminal.until(
    'states',
    (lines) => (lines[2] ?? '').includes(' STATE ') && lines.some((line) => line.includes(' down ')),
  );
  site.maintain();
  // The kernel's averages need some seconds to become what they are.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  await draw('top', 'ipvs-ts top on a terminal');
  await terminal.press('q');
  await prompt();
  await site.stopAgent();

  writeFileSync('/tmp/lb.yaml', DECLARED);
  await terminal.resize(COLUMNS, PLAN_ROWS);
  await terminal.type('cd /tmp && clear');
  await terminal.until('clear screen', (lines) => lines[0]?.trimEnd() === '$');
  await terminal.type('ipvs-ts plan -f lb.yaml');
  await prompt(' to remove.');
  await terminal.type('ipvs-ts apply -f lb.yaml');
  await terminal.until('question', (lines) => lines.some((line) => line.startsWith('Remove ')));
  await terminal.type('y');
  await prompt('Done: ');
  await draw('plan', 'ipvs-ts plan and ipvs-ts apply on a terminal');
} finally {
  await terminal.close();
  await site.stop();
}

/** Waits until the shell asks for a line, after one with `text`. */
async function prompt(text = ''): Promise<void> {
  await terminal.until(`prompt after ${JSON.stringify(text)}`, (lines) => {
    const last = lines.findLastIndex((line) => line !== '');
    return lines[last]?.trimEnd() === '$' && (lines[last - 1] ?? '').includes(text);
  });
}

/** Draws what is seen, without empty rows at the end. */
async function draw(name: string, title: string): Promise<void> {
  const rows = await terminal.lines('-e');
  while (rows.at(-1)?.trim() === '') rows.pop();
  writeFileSync(join(directory as string, `${name}.svg`), picture(title, rows, COLUMNS));
}
