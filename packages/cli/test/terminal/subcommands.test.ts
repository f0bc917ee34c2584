/** Subcommands on a real terminal and a real kernel. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { calls, Ipvs } from '@ipvs-ts/ipvs';
import { Director, OTHER, SERVER, WEB } from './director.js';
import { Terminal } from './terminal.js';

const LONG = 'tcp:[2001:db8:1111:2222:3333:4444:5555:6666]:65535';

describe('subcommands on a terminal', () => {
  const director = new Director();
  let terminal: Terminal;
  let ipvs: Ipvs;

  before(async () => {
    await director.start();
    ipvs = await Ipvs.open({ netns: director.path });
  });
  after(async () => {
    await ipvs.close();
    await director.stop();
  });
  beforeEach(async () => {
    await ipvs.flush();
    await ipvs.addService(WEB, { scheduler: 'rr' });
    await ipvs.addDestination(WEB, SERVER, { forwarding: 'masq' });
    await ipvs.addService(LONG, { scheduler: 'rr' });
    await ipvs.addDestination(LONG, '[2001:db8::1]:80', { forwarding: 'tunnel', weight: 0 });
    terminal = await Terminal.open(director.name, 80, 24);
    await terminal.type('stty -g >/tmp/before; echo "here I was"');
    await terminal.until('prompt', (lines) => lines.includes('here I was'));
  });
  afterEach(() => terminal.close());

  const hasTop = (lines: readonly string[]): boolean => /^IPVS \d\d:\d\d:\d\d {2}/.test(lines[0] ?? '');
  const row = (lines: readonly string[], name: string): string =>
    lines.find((line) => line.trimStart().startsWith(`${name} `)) ?? '';

  /** Long lines go on in the next row. */
  const flat = (lines: readonly string[]): string =>
    lines
      .map((line) => line.padEnd(80))
      .join('')
      .replace(/ +/g, ' ');

  // The terminal itself shows ^C.
  const hasStatus = (lines: readonly string[], status: number): boolean =>
    lines.some((line) => line.endsWith(`status ${status}`) && !line.includes('$'));

  /** Quits, and looks what is left. */
  async function quit(): Promise<void> {
    await terminal.press('q');
    await terminal.until('status', (lines) => hasStatus(lines, 0));
    await ended();
  }

  /** What the shell says after the program has ended, and that the terminal is as it was. */
  async function ended(): Promise<string> {
    await terminal.type('stty -g >/tmp/after; cmp /tmp/before /tmp/after && echo "all as it was"');
    const lines = await terminal.until('shell as it was', (all) => all.includes('all as it was'));
    expect(lines).to.include('here I was');
    expect(await terminal.mode()).to.deep.equal({ alternate: false, cursor: true });
    return lines.join('\n');
  }

  it('top shows the table, sorts, resizes, and leaves no trace when it is quit', async () => {
    await director.connections(5);
    await terminal.type('ipvs-ts top; echo "status $?"');
    const first = await terminal.until('live screen', (lines) => row(lines, SERVER) !== '');
    expect(await terminal.mode()).to.deep.equal({ alternate: true, cursor: false });
    expect(first.length).to.equal(24);
    expect((await terminal.lines('-e')).join('')).to.include('\u001b[7m');
    expect(first[0]).to.include('2 services, 2 destinations  by ACTIVE');
    expect(row(first, WEB)).to.match(/ 1 +5 █████+ +0 /);
    expect(row(first, SERVER)).to.match(/ 1 +5 █████+ +0 /);
    expect(first.join('\n')).to.match(/^tcp:\[2001:db8?.*….*:65535 +0 +0 /m);
    expect(first.findIndex((line) => line.startsWith(WEB))).to.be.below(
      first.findIndex((line) => line.startsWith('tcp:[')),
    );
    await director.connections(2);
    await terminal.until('fewer connections', (lines) => / 1 +2 █/.test(row(lines, SERVER)));

    await terminal.press('n');
    await terminal.until('order by name', (lines) => lines[3]?.startsWith('tcp:[') === true);
    await terminal.press('r');
    await terminal.until('reversed order', (lines) => lines[3]?.startsWith(WEB) === true);
    await terminal.press('d');
    await terminal.until('services alone', (lines) => hasTop(lines) && row(lines, SERVER) === '');
    await terminal.press('d', 'h');
    await terminal.until('help', (lines) => lines.some((line) => line.startsWith('any key')));
    await terminal.press('x', 'Right');
    await terminal.until('order by weight', (lines) => lines[0]?.includes('by WGT') === true);

    await terminal.resize(132, 12);
    const wide = await terminal.until('wide screen', (lines) => lines.join('\n').includes(`\n${LONG} `));
    expect(wide.length).to.equal(12);
    expect(wide.at(-1)).to.include('q quit');
    await terminal.resize(40, 10);
    await terminal.until(
      'narrow screen',
      (lines) => lines.length === 10 && hasTop(lines) && /^.*DESTINATION +WGT ACTIVE$/.test(lines[2] ?? ''),
    );
    await terminal.resize(100, 20);
    await terminal.until('middling screen', (lines) => lines.length === 20 && hasTop(lines));
    await quit();
    expect((await terminal.lines()).join('\n')).not.to.match(/^(IPVS|SERVICE|tcp:)/m);
  });

  it('top pages', async () => {
    await ipvs.flush();
    await ipvs.batch(
      Array.from({ length: 200 }, (_, index) => calls.addService(`fwmark:${index + 1}`, { scheduler: 'rr' })),
    );
    await terminal.type('ipvs-ts top --interval 5s; echo "status $?"');
    await terminal.until('first page', (lines) => lines[3]?.startsWith('fwmark:1 ') === true);
    await terminal.press('NPage');
    await terminal.until('second page', (lines) => lines[3]?.startsWith('fwmark:20 ') === true);
    await terminal.press('End');
    const last = await terminal.until('last page', (lines) => lines[3]?.startsWith('fwmark:181 ') === true);
    expect(last.at(-1)).to.match(/^181-200 of 200 /);
    await terminal.press('PPage', 'Home', 'Down');
    await terminal.until('second row', (lines) => lines[3]?.startsWith('fwmark:2 ') === true);
    await quit();
  });

  it('top shows what an agent says while it answers, and searches', async () => {
    const dead = '10.9.0.2:8081';
    const check = { tcp: {}, interval: '200ms', failingInterval: '200ms', timeout: '2s', fall: 1, rise: 1 };
    const destinations = { [SERVER]: { forwarding: 'masq' }, [dead]: { forwarding: 'masq' } };
    const document = { services: { [WEB]: { scheduler: 'rr', check, destinations } } };
    writeFileSync('/tmp/top.json', JSON.stringify(document));
    const directories = '--runtime-dir /tmp/top-run --state-dir /tmp/top-state';
    await terminal.type(
      `ipvs-ts agent -f /tmp/top.json ${directories} </dev/null >/tmp/top.log 2>&1 & echo $! >/tmp/top.pid`,
    );
    await terminal.type('ipvs-ts top --socket /tmp/top-run/agent.sock; echo "status $?"');
    const hasState = (lines: readonly string[], name: string, state: string): boolean =>
      row(lines, name).includes(` ${state} `);
    await terminal.until(
      'states',
      (lines) =>
        hasState(lines, SERVER, 'up') && hasState(lines, dead, 'down') && hasState(lines, WEB, '50%'),
    );
    await terminal.press('/', 'd', 'o', 'w', 'n');
    await terminal.until('search', (lines) => lines.at(-1)?.startsWith('/down_') === true);
    await terminal.press('Enter');
    const found = await terminal.until(
      'found rows',
      (lines) => row(lines, SERVER) === '' && row(lines, dead) !== '',
    );
    expect(found[0]).to.include('1 service, 1 destination').and.to.include('with “down”');
    await terminal.press('e');
    await terminal.until(
      'reasons',
      (lines) =>
        (lines[2] ?? '').includes('REASON') && row(lines, dead).includes('check tcp failed: connection'),
    );
    await terminal.press('e', 'Escape');
    await terminal.until('all rows', (lines) => row(lines, SERVER) !== '');
    process.kill(Number(readFileSync('/tmp/top.pid', 'utf8')), 'SIGTERM');
    await terminal.until('no states', (lines) => hasTop(lines) && !(lines[2] ?? '').includes('STATE'));
    await quit();
  });

  it('top leaves no trace at Ctrl-C and at SIGTERM', async () => {
    for (const [end, status] of [
      [async () => terminal.press('C-c'), 130],
      [async () => void process.kill(Number(readFileSync('/tmp/top.pid', 'utf8')), 'SIGTERM'), 143],
    ] as const) {
      await terminal.type('bash -c \'echo $$ >/tmp/top.pid; exec ipvs-ts top\'; echo "status $?"');
      await terminal.until('live screen', hasTop);
      await end();
      await terminal.until('status', (lines) => hasStatus(lines, status));
      await ended();
    }
  });

  it('top ends with its terminal', async () => {
    const other = await Terminal.open(director.name, 80, 24);
    await other.type("bash -c 'echo $$ >/tmp/top.pid; exec ipvs-ts top'");
    await other.until('live screen', hasTop);
    const pid = readFileSync('/tmp/top.pid', 'utf8').trim();
    await other.close();
    for (let tries = 0; existsSync(`/proc/${pid}`) && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(existsSync(`/proc/${pid}`)).to.equal(false);
  });

  it('top can be suspended and comes back', async () => {
    await terminal.type('ipvs-ts top');
    await terminal.until('live screen', hasTop);
    for (let round = 0; round < 2; round += 1) {
      await terminal.press('C-z');
      await terminal.until('stopped job', (lines) => lines.some((line) => /Stopped +ipvs-ts top/.test(line)));
      await ended();
      await terminal.type('clear; echo "here I was"; fg; echo "status $?"');
      await terminal.until('live screen again', hasTop);
      expect(await terminal.mode()).to.deep.equal({ alternate: true, cursor: false });
    }
    await terminal.press('n');
    await terminal.until('keys again', (lines) => lines[0]?.includes('by NAME') === true);
    await quit();
  });

  it('top refuses unsuitable terminals, and works without colour', async () => {
    await terminal.type('clear; TERM=dumb ipvs-ts top; ipvs-ts top | cat; echo "both refused"');
    const lines = await terminal.until('end', (all) => all.includes('both refused'));
    expect(lines.filter((line) => line.includes('needs a terminal')).length).to.equal(2);
    await terminal.type('clear; echo "here I was"; NO_COLOR=1 ipvs-ts top; echo "status $?"');
    await terminal.until('live screen', hasTop);
    expect((await terminal.lines('-e')).join('')).not.to.include('\u001b[');
    await quit();
  });

  it('drain shows one line that is overwritten, and continues after Ctrl-C', async () => {
    await ipvs.addDestination(WEB, OTHER, { forwarding: 'masq', weight: 0 });
    await director.connections(3);
    const drain = `ipvs-ts drain ${WEB} ${SERVER} --poll 200ms`;
    await terminal.type(`clear; ${drain}; echo "status $?"`);
    const refused = await terminal.until('refusal', (lines) => hasStatus(lines, 1));
    expect(flat(refused)).to.include('use --even-last');
    await ipvs.updateDestination(WEB, OTHER, { weight: 1 });

    const waits = (lines: readonly string[]): number =>
      lines.filter((line) => /^\d.* s: waiting for open connections: 3 active, /.test(line)).length;
    await terminal.type(`clear; ${drain}; echo "status $?"`);
    await terminal.until('progress', (lines) => waits(lines) > 0);
    await terminal.until('progress over a second', (lines) => lines.some((line) => /^[1-9]/.test(line)));
    expect(waits(await terminal.lines())).to.equal(1);
    await terminal.press('C-c');
    const stopped = await terminal.until('status', (lines) => hasStatus(lines, 130));
    expect(flat(stopped)).to.include('keeps weight 0, and running this again continues');
    expect((await ipvs.destinations(WEB)).find(({ key }) => key === SERVER)?.weight).to.equal(0);

    await terminal.type(`clear; ${drain} 2>&1 | tee /dev/null; echo "status $?"`);
    await terminal.until('progress in a pipe', (lines) => waits(lines) > 0);
    await director.connections(0);
    const done = await terminal.until('status', (lines) => hasStatus(lines, 0));
    expect(flat(done)).to.include(`${SERVER} of ${WEB}: drained and deleted (it had weight 1)`);
    expect((await ipvs.destinations(WEB)).map(({ key }) => key)).to.deep.equal([OTHER]);
    await terminal.type('echo "here I was"');
    // On a slow machine the next words would be shown in the middle of it.
    await terminal.until('prompt', (lines) => lines.includes('here I was'));
    await ended();
  });

  it('apply and plan show their progress on one line, and remove it', async () => {
    // Rules of 3 000 services, and the terminal's bytes in a file, since what is overwritten is soon gone.
    const rules = '/tmp/many.rules';
    writeFileSync(rules, Array.from({ length: 3000 }, (_, index) => `-A -f ${index + 1} -s rr\n`).join(''));
    const recorded = async (word: string): Promise<string> => {
      const command = `ipvs-ts ${word} --from-rules -f ${rules} >/dev/null`;
      await terminal.type(`clear; script -qec '${command}' /tmp/bytes; echo "${word}: status $?"`);
      const lines = await terminal.until('status', (all) => all.includes(`${word}: status 0`));
      expect(lines.join('\n')).not.to.match(/changes made|services read|comparing/);
      return readFileSync('/tmp/bytes', 'utf8');
    };
    await ipvs.flush();
    const applied = await recorded('apply');
    expect(applied).to.include('\r\u001b[K1000 of 3000 changes made').and.include('2000 of 3000');
    const planned = await recorded('plan');
    expect(planned).to.include('\r\u001b[Kcomparing with the current state: 1000 of 3000 services read');
    expect((await ipvs.services()).length).to.equal(3000);
    await terminal.type(`clear; ipvs-ts plan --from-rules -f ${rules} 2>&1 | cat; echo "here I was"`);
    const piped = await terminal.until('end', (all) => all.includes('here I was'));
    expect(piped.join('\n')).to.include('No changes').and.not.include('services read');
    await ended();
  });

  it('watch prints changes, ends at Ctrl-C, and when its reader goes', async () => {
    await terminal.type('clear; ipvs-ts watch --interval 100ms; echo "status $?"');
    await terminal.until('first line', (lines) =>
      lines.some((line) => line.startsWith('watching every 100 ms: 2 service')),
    );
    await ipvs.updateDestination(WEB, SERVER, { weight: 7 });
    await terminal.until('change', (lines) =>
      flat(lines).includes(`edited destination ${SERVER} of service ${WEB}: weight 1 -> 7`),
    );
    await terminal.press('C-c');
    await terminal.until('status', (lines) => hasStatus(lines, 130));

    await terminal.type(
      'clear; ipvs-ts watch --interval 100ms --json | head -n 1; echo "status ${PIPESTATUS[0]}"',
    );
    await terminal.until('first line', (lines) => lines.some((line) => line.startsWith('watching')));
    const weigh = setInterval(() => {
      void ipvs.updateDestination(WEB, SERVER, { weight: Date.now() % 60_000 });
    }, 300);
    try {
      const lines = await terminal.until('status', (lines) => hasStatus(lines, 141));
      expect(lines.join('')).to.include('"kind":"edited"');
    } finally {
      clearInterval(weigh);
    }
    await terminal.type('clear; echo "here I was"');
    await ended();
  });

  it('top says what happened when the kernel goes away, on a terminal as it was', async () => {
    await terminal.type('ipvs-ts top --interval 200ms; echo "status $?"');
    await terminal.until('live screen', hasTop);
    await ipvs.flush();
    await terminal.until('empty screen', (lines) => lines[3] === 'no services');
    // A family that is gone is looked up again, which would load the module.
    const helper = readFileSync('/proc/sys/kernel/modprobe', 'utf8');
    writeFileSync('/proc/sys/kernel/modprobe', '/bin/false');
    try {
      // With all schedulers that other tests may have had loaded.
      const remove =
        'for try in {1..50}; do modprobe -r $(ls /sys/module/ip_vs/holders) ip_vs && exit; sleep 0.1; done; exit 1';
      execFileSync('bash', ['-c', remove]);
      const lines = await terminal.until('status', (all) => hasStatus(all, 1));
      expect(flat(lines)).to.include('ipvs-ts top: ');
      await ended();
    } finally {
      writeFileSync('/proc/sys/kernel/modprobe', helper);
    }
    execFileSync('modprobe', ['ip_vs']);
  });
});
