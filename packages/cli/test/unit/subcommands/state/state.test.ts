import { expect } from 'chai';
import { type DesiredState, Ipvs, IpvsSync, writeDocument } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { ran } from '../fake-subcommand-io.js';

const WEB = 'tcp:192.0.2.10:80';

const STATE: DesiredState = {
  services: {
    [WEB]: {
      scheduler: 'wrr',
      destinations: {
        '10.0.0.1:80': { forwarding: 'masq', weight: 2 },
        '10.0.0.2:80': { forwarding: 'masq', weight: 1, upperThreshold: 9 },
      },
    },
  },
};
const FILES = {
  'a.yaml': writeDocument(STATE),
  'a.json': writeDocument(STATE, 'json'),
  'less.yaml': `services: { ${WEB}: { scheduler: wrr, destinations: { 10.0.0.1:80: { forwarding: masq, weight: 3 } } } }`,
  'bad.yaml': `services: { ${WEB}: { shceduler: wrr, destinations: { 10.0.0.1: {} } } }`,
};

const ADDED = `+ service ${WEB}: scheduler wrr
+ destination 10.0.0.1:80 of service ${WEB}: forwarding masq, weight 2
+ destination 10.0.0.2:80 of service ${WEB}: forwarding masq, weight 1, upperThreshold 9
`;

/** A kernel that is as STATE says. */
async function made(): Promise<IpvsKernel> {
  const kernel = new IpvsKernel();
  expect((await ran(['apply', '-f', 'a.yaml'], { kernel, files: FILES })).status).to.equal(0);
  kernel.requests.length = 0;
  return kernel;
}

function weights(kernel: IpvsKernel): (readonly [string, number])[] {
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
  return ipvs.destinations(WEB).map(({ key, weight }) => [key, weight] as const);
}

/** The commands that the kernel was given which change something. */
function changesSent(kernel: IpvsKernel): number {
  return kernel.requests.filter(({ operation }) => !/^(?:GET|NEW_FAMILY)/i.test(String(operation))).length;
}

describe('export, plan and apply', () => {
  it('plan shows what would be added, and exits with 2; then with 0', async () => {
    const kernel = new IpvsKernel();
    for (const file of ['a.yaml', 'a.json'])
      expect(await ran(['plan', '-f', file], { kernel, files: FILES })).to.deep.equal({
        status: 2,
        stdout: `${ADDED}3 to add, 0 to edit, 0 to remove.\n`,
        stderr: '',
      });
    expect(await ran(['apply', '--file=a.yaml'], { kernel, files: FILES })).to.deep.equal({
      status: 0,
      stdout: `${ADDED}Done: 3 changes.\n`,
      stderr: '',
    });
    const nothing = { status: 0, stdout: 'No changes: the table already matches.\n', stderr: '' };
    expect(await ran(['plan', '-f', 'a.json'], { kernel, files: FILES })).to.deep.equal(nothing);
    expect(await ran(['apply', '-f', 'a.json'], { kernel, files: FILES })).to.deep.equal(nothing);
  });

  it('plan shows old and new values, and removals', async () => {
    const kernel = await made();
    const { status, stdout } = await ran(['plan', '-f', 'less.yaml'], { kernel, files: FILES });
    expect(status).to.equal(2);
    expect(stdout).to.equal(
      `~ destination 10.0.0.1:80 of service ${WEB}: weight 2 -> 3\n` +
        `- destination 10.0.0.2:80 of service ${WEB}\n` +
        '0 to add, 1 to edit, 1 to remove.\n',
    );
    const drained = await ran(['plan', '-f', 'less.yaml', '--drain'], { kernel, files: FILES });
    expect(drained.stdout).to.include(`- destination 10.0.0.2:80 of service ${WEB}, when it is drained\n`);
    const kept = await ran(['plan', '-f', 'less.yaml', '--keep-weights', '--prune', 'none'], {
      kernel,
      files: FILES,
    });
    expect(kept.status).to.equal(0);
    const colour = await ran(['plan', '-f', 'less.yaml'], { kernel, files: FILES, terminal: true });
    expect(colour.stdout)
      .to.include(`\x1b[33m~ destination 10.0.0.1:80`)
      .and.to.include('\x1b[31m- destination');
  });

  it('plan prints JSON', async () => {
    const kernel = await made();
    const { stdout } = await ran(['plan', '-f', 'less.yaml', '--json'], { kernel, files: FILES });
    const { changes } = JSON.parse(stdout) as { changes: { kind: string; differences?: object[] }[] };
    expect(changes.map(({ kind }) => kind)).to.deep.equal(['editDestination', 'deleteDestination']);
    expect(changes[0]?.differences).to.deep.equal([{ field: 'weight', from: 2, to: 3 }]);
  });

  it('report every mistake with its place, and change nothing', async () => {
    const kernel = new IpvsKernel();
    for (const word of ['plan', 'apply']) {
      const { status, stdout, stderr } = await ran([word, '-f', 'bad.yaml'], { kernel, files: FILES });
      expect([status, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.match(
        /^ipvs-ts (plan|apply): cannot read the document bad\.yaml: it has 2 mistakes:\n/,
      );
      expect(stderr).to.include('\n  bad.yaml:1:34: ').and.to.include('did you mean scheduler?');
      const json = await ran([word, '-f', 'bad.yaml', '--json'], { kernel, files: FILES });
      expect(json.status).to.equal(1);
      const { error } = JSON.parse(json.stdout) as { error: { code: string; problems: { line: number }[] } };
      expect(error.code).to.equal('ERR_IPVS_DOCUMENT');
      expect(error.problems.map(({ line }) => line)).to.deep.equal([1, 1]);
    }
    expect(kernel.requests).to.deep.equal([]);
  });

  it('say what is missing', async () => {
    expect((await ran(['plan'])).stderr).to.include('--file FILE is missing');
    expect((await ran(['plan', '-f', 'none.yaml'])).stderr).to.include(
      "no such file or directory, open 'none.yaml'",
    );
    expect((await ran(['apply', '-f', '-', '--prune', 'some'])).stderr).to.include('--prune some');
    expect((await ran(['apply', '-f', '-'], { files: { '-': '' } })).stderr).to.include(
      '<stdin>:1:1: the document is empty',
    );
    for (const words of [['plan'], ['apply', '-f', 'x'], ['export', '-o', 'xml']])
      expect((await ran(words)).status).to.equal(1);
  });

  it('apply asks before it removes, if it has a terminal', async () => {
    const kernel = await made();
    const before = weights(kernel);
    const words = ['apply', '-f', 'less.yaml'];
    const refused = await ran(words, { kernel, files: FILES });
    expect(refused.status).to.equal(1);
    expect(refused.stderr)
      .to.include('--yes is needed to remove this:\n')
      .and.to.include('- destination 10.0.0.2:80');
    for (const answer of ['', 'n', 'no', 'yess']) {
      const no = await ran(words, { kernel, files: FILES, terminal: true, answer });
      expect([no.status, no.stdout], answer).to.deep.equal([1, '']);
      expect(no.stderr).to.include('[y/N] Nothing was done.\n');
    }
    const piped = { ...FILES, '-': FILES['less.yaml'] };
    expect((await ran(['apply', '-f', '-'], { kernel, files: piped, answer: 'y' })).status).to.equal(1);
    expect((await ran([...words, '--json'], { kernel, files: FILES, answer: 'y' })).status).to.equal(1);
    expect(weights(kernel)).to.deep.equal(before);
    const yes = await ran(words, { kernel, files: FILES, terminal: true, answer: 'Y' });
    expect([yes.status, yes.stdout]).to.deep.equal([0, 'Done: 2 changes.\n']);
    expect(weights(kernel)).to.deep.equal([['10.0.0.1:80', 3]]);
  });

  it('apply asks nothing without removals, or with --yes', async () => {
    const kernel = await made();
    expect(
      (await ran(['apply', '-f', 'less.yaml', '--prune', 'none'], { kernel, files: FILES })).status,
    ).to.equal(0);
    const yes = await ran(['apply', '-y', '-f', 'less.yaml', '--json'], { kernel, files: FILES });
    expect(yes.status).to.equal(0);
    expect(JSON.parse(yes.stdout)).to.deep.include({ replans: 0 });
    const { changes } = JSON.parse(yes.stdout) as { changes: { outcome: string; destination: string }[] };
    expect(changes.map(({ outcome, destination }) => [outcome, destination])).to.deep.equal([
      ['done', '10.0.0.2:80'],
    ]);
  });

  it('apply --dry-run changes nothing', async () => {
    const kernel = await made();
    const { status, stdout } = await ran(['apply', '-n', '-f', 'less.yaml'], { kernel, files: FILES });
    expect(status).to.equal(0);
    expect(stdout).to.include('0 to add, 1 to edit, 1 to remove.');
    expect(changesSent(kernel)).to.equal(0);
    expect(weights(kernel)).to.have.length(2);
  });

  it('apply shows its progress at a terminal, and removes it', async () => {
    const { stderr } = await ran(['apply', '-f', 'a.yaml'], { files: FILES, terminal: true });
    expect(stderr).to.match(/^\r\x1b\[Kcomparing with the current state …\r\x1b\[K/);
    expect(stderr).to.match(/\r\x1b\[K$/);
  });

  it('shows the progress of long work at a terminal, and nothing in a pipe', async () => {
    const kernel = new IpvsKernel();
    const services = Object.fromEntries(
      Array.from({ length: 1100 }, (_, index) => [`fwmark:${index + 1}`, { destinations: {} }]),
    );
    const files = { f: writeDocument({ services }, 'json') };
    const words = ['-f', 'f'];
    expect((await ran(['plan', ...words], { kernel, files })).stderr).to.equal('');
    const applied = await ran(['apply', ...words], { kernel, files, terminal: true });
    expect(applied.stderr.split('\r\x1b[K')).to.deep.equal([
      '',
      'comparing with the current state …',
      '',
      '1000 of 1100 changes made',
      '1100 of 1100 changes made',
      '',
    ]);
    const planned = await ran(['plan', ...words], { kernel, files, terminal: true });
    expect(planned.status).to.equal(0);
    expect(planned.stderr.split('\r\x1b[K')).to.deep.equal([
      '',
      'comparing with the current state …',
      'comparing with the current state: 1000 of 1100 services read',
      '',
    ]);
    const exported = await ran(['export'], { kernel, terminal: true });
    expect(exported.stderr).to.equal('\r\x1b[Kreading what is …\r\x1b[K');
    for (const word of [['plan', ...words], ['apply', ...words], ['export']])
      expect((await ran(word, { kernel, files })).stderr).to.equal('');
  });

  it('starts a new line for an error after progress', async () => {
    for (const words of [
      ['plan', '-f', 'a.yaml'],
      ['apply', '-f', 'a.yaml'],
      ['export', '--json'],
    ]) {
      const kernel = new IpvsKernel();
      // Reading as lines is left at an error; the ordinary reading then meets one itself.
      for (let reading = 0; reading < 2; reading++) kernel.failNext('GET_SERVICE', 12);
      const { status, stderr } = await ran(words, { kernel, files: FILES, terminal: true });
      expect(status).to.equal(1);
      expect(stderr).to.match(/ …\r\x1b\[Kipvs-ts [a-z]+: cannot /);
    }
  });

  it('apply drains what it removes', async () => {
    const kernel = await made();
    const words = ['apply', '-y', '--drain', '-f', 'less.yaml'];
    const { status, stdout } = await ran(words, { kernel, files: FILES });
    expect([status, stdout.includes('when it is drained')]).to.deep.equal([0, true]);
    expect(weights(kernel)).to.deep.equal([['10.0.0.1:80', 3]]);
  });

  it('apply says what was done, what was not and why', async () => {
    const files = {
      f: `services: { ${WEB}: { scheduler: rr, destinations: { 10.0.0.1:80: {} } }, "fwmark:7": { scheduler: nosuch, destinations: { 10.0.0.1:80: {} } } }`,
    };
    // Without IPv6 it cannot be asked for a scheduler before it is needed.
    const kernel = new IpvsKernel({ ipv6: false });
    const { status, stdout, stderr } = await ran(['apply', '-f', 'f'], { kernel, files });
    expect(status).to.equal(1);
    expect(stdout).to.equal(
      `+ service ${WEB}: scheduler rr\n+ destination 10.0.0.1:80 of service ${WEB}: forwarding route, weight 1\n`,
    );
    expect(stderr).to.match(
      /^ipvs-ts: cannot tell whether the kernel has the scheduler nosuch; apply tries it/,
    );
    expect(stderr).to.match(
      /\nipvs-ts apply: cannot apply the declared state: .*\(2 done, 1 failed, 1 not sent\)\n/,
    );
    expect(stderr).to.match(
      /\nfailed: \+ service fwmark:7: scheduler nosuch: cannot add service fwmark:7: .*scheduler/,
    );
    const json = await ran(['apply', '-f', 'f', '--json'], {
      kernel: new IpvsKernel({ ipv6: false }),
      files,
    });
    const { error, changes } = JSON.parse(json.stdout) as {
      error: { code: string };
      changes: { outcome: string }[];
    };
    expect(error.code).to.equal('ERR_IPVS_APPLY_FAILED');
    expect(changes.map(({ outcome }) => outcome)).to.have.members(['done', 'done', 'failed', 'unsent']);
  });

  it('apply stops between sends when it is interrupted, says what was done, and can be run again', async () => {
    const kernel = new IpvsKernel();
    const services = Object.fromEntries(
      Array.from({ length: 2500 }, (_, index) => [`fwmark:${index + 1}`, { destinations: {} }]),
    );
    const files = { f: writeDocument({ services }, 'json') };
    const stop = new AbortController();
    const transport = doubleTransport(kernel);
    const send = transport.send.bind(transport);
    let sends = 0;
    Object.assign(transport, {
      send: async (bytes: Uint8Array) => {
        sends += 1;
        if (sends === 8) stop.abort(new Error('ended by SIGINT'));
        await send(bytes);
      },
    });
    const { status, stdout, stderr } = await ran(['apply', '-f', 'f'], {
      kernel,
      files,
      signal: stop.signal,
      open: () => Ipvs.open({ transport }),
    });
    const count = IpvsSync.open({ transport: doubleTransportSync(kernel) }).services().length;
    expect(status).to.equal(130);
    expect(count).to.be.within(1, 2499);
    expect(stdout.trimEnd().split('\n')).to.have.length(count);
    expect(stderr).to.include(`(${count} done, 0 failed, ${2500 - count} not sent)`);
    expect(stderr.split('\n').filter((line) => line.endsWith(': aborted'))).to.have.length(2500 - count);
    const again = await ran(['apply', '-f', 'f'], { kernel, files });
    expect([again.status, again.stdout.endsWith(`Done: ${2500 - count} changes.\n`)]).to.deep.equal([
      0,
      true,
    ]);
  });

  it('apply that was interrupted before it began does nothing', async () => {
    const kernel = new IpvsKernel();
    const { status } = await ran(['apply', '-f', 'a.yaml'], {
      kernel,
      files: FILES,
      signal: AbortSignal.abort(),
    });
    expect(status).to.equal(130);
    expect(changesSent(kernel)).to.equal(0);
  });

  it('export prints documents that apply accepts', async () => {
    const kernel = await made();
    for (const format of ['yaml', 'json']) {
      const { status, stdout } = await ran(['export', '-o', format], { kernel });
      expect(status).to.equal(0);
      const empty = new IpvsKernel();
      expect((await ran(['apply', '-f', '-'], { kernel: empty, files: { '-': stdout } })).status).to.equal(0);
      expect((await ran(['export', '--output', format], { kernel: empty })).stdout).to.equal(stdout);
    }
    expect((await ran(['export'], { kernel })).stdout).to.match(
      /^services:\n {2}tcp:192\.0\.2\.10:80:\n {4}scheduler: wrr\n/,
    );
  });
});
