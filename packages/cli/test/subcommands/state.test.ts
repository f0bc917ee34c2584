/** `export`, `plan` and `apply` as programs on a real kernel: pipes, a terminal, signals, exit statuses. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type DesiredState, IpvsError, IpvsSync, writeDocument } from '@ipvs-ts/ipvs';
import { Bench } from './bench.js';

const STATE: DesiredState = {
  services: {
    'tcp:192.0.2.9:443': {
      scheduler: 'sh',
      flags: ['sh-fallback', 'sh-port'],
      persistence: { timeout: 300, netmask: '255.255.255.0' },
      destinations: {
        '10.0.0.9:443': { forwarding: 'masq', weight: 0, upperThreshold: 20, lowerThreshold: 10 },
        '10.0.0.10:443': { forwarding: 'tunnel', weight: 7, tunnel: { type: 'gre', checksum: 'csum' } },
        '10.0.0.11:443': {
          forwarding: 'tunnel',
          weight: 1,
          tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' },
        },
      },
    },
    'tcp:[2001:db8::1]:0': {
      scheduler: 'rr',
      persistence: { timeout: 60, netmask: 64 },
      destinations: { '[2001:db8::2]:0': { forwarding: 'route', weight: 1 } },
    },
    'udp:192.0.2.9:53': { scheduler: 'wrr', onePacket: true, destinations: {} },
    'udp:192.0.2.9:5060': { scheduler: 'rr', persistence: { timeout: 60, engine: 'sip' }, destinations: {} },
    'fwmark:2': { scheduler: 'wlc', flags: ['flag-2'], destinations: {} },
    'fwmark6:2': { scheduler: 'mh', flags: ['mh-port'], destinations: {} },
  },
  timeouts: { tcp: 801, tcpFin: 101, udp: 201 },
  daemons: {
    master: { interface: 'lo', syncId: 7, maxLength: 1400, group: '224.0.0.90', port: 9000, ttl: 3 },
    backup: { interface: 'lo', syncId: 8, maxLength: 1200, group: '224.0.0.91', port: 9001, ttl: 1 },
  },
};

/** The same without one service and without the daemons. */
const LESS: DesiredState = {
  services: Object.fromEntries(Object.entries(STATE.services).filter(([key]) => key !== 'fwmark:2')),
};

describe('export, plan and apply as programs', function () {
  this.timeout(900_000); // an emulated processor takes longer than five minutes
  let bench: Bench;
  let other: Bench;
  before(() => {
    bench = new Bench();
    other = new Bench();
    bench.write('state.yaml', writeDocument(STATE));
    bench.write('less.json', writeDocument(LESS, 'json'));
  });
  after(() => {
    bench.close();
    other.close();
  });

  it('bring everything back on an empty kernel', () => {
    const made = bench.run(
      'ipvs-ts apply -f state.yaml; echo $?; ipvs-ts export >exported; cmp exported state.yaml',
    );
    expect(made.stdout).to.match(/\nDone: 13 changes\.\n0\n$/);
    expect(made.stderr).to.equal('');
    const { stdout, stderr } = other.run(
      `ipvs-ts apply -f - <${bench.directory}/exported >/dev/null && ipvs-ts export | cmp - ${bench.directory}/exported && ` +
        'ipvs-ts export -o json | ipvs-ts plan -f -; echo $?',
    );
    expect([stdout, stderr]).to.deep.equal(['No changes: the table already matches.\n0\n', '']);
    // What ipvsadm sees is what was declared.
    const listed = bench.run('ipvsadm -ln --thresholds; ipvsadm -ln --daemon; ipvsadm -ln --timeout').stdout;
    expect(listed).to.match(/10\.0\.0\.9:443 +20 +10/);
    expect(listed).to.include('master sync daemon (mcast=lo, syncid=7').and.to.include('801 101 201');
  });

  it('read what ipvsadm saves', () => {
    const script = 'ipvsadm -Sn | tee rules | ipvs-ts plan -f - --from-rules; echo $?; wc -l <rules';
    const { stdout, stderr } = bench.run(script);
    expect(stderr).to.equal('');
    // Thresholds are not among what is saved.
    expect(stdout.split('\n').slice(0, 2)).to.deep.equal([
      '~ destination 10.0.0.9:443 of service tcp:192.0.2.9:443: upperThreshold 20 -> 0, lowerThreshold 10 -> 0',
      '0 to add, 1 to edit, 0 to remove.',
    ]);
    expect(stdout.endsWith('\n2\n10\n')).to.equal(true);
  });

  it('ask at a terminal, in colour, and not in a pipe', () => {
    const words = 'ipvs-ts apply -f less.json --prune all';
    const piped = bench.run(`${words} </dev/null; echo $?`);
    expect([piped.stdout, piped.stderr.includes('- service fwmark:2')]).to.deep.equal(['1\n', true]);
    const terminal = (answer: string): string =>
      bench.run(`(sleep 4; printf '${answer}') | script -qec '${words}' /dev/null; echo "status $?"`).stdout;
    const no = terminal('n\\n');
    expect(no).to.include('\x1b[31m- service fwmark:2\x1b[m').and.to.include('Remove it? [y/N] ');
    expect(no).to.match(/Nothing was done\.\r\nstatus 1\n$/);
    // Ctrl-C at the question.
    expect(terminal('\\003')).to.match(/status 130\n$/);
    expect(bench.run('ipvsadm -Sn').stdout).to.include('-A -f 2 -s');
    const yes = terminal('y\\n');
    expect(yes).to.match(/Done: 1 change\.\r\nstatus 0\n$/);
    expect(bench.run('ipvsadm -Sn').stdout).not.to.include('-A -f 2 -s');
  });

  it('say why they cannot', () => {
    const { stdout } = bench.run(
      `{ ipvs-ts plan -f none; echo $?; ipvs-ts apply -f /; echo $?; echo '{"services":{},}' >broken.json; ipvs-ts plan -f broken.json; echo $?
      setpriv --bounding-set -net_admin --inh-caps -net_admin ipvs-ts export; echo $?; ipvs-ts export >/dev/full; echo $?; } 2>&1`,
    );
    expect(stdout).to.match(
      /^ipvs-ts plan: ENOENT: no such file[^\n]*\n1\nipvs-ts apply: cannot read [^\n]*: it is a directory\n1\n/,
    );
    expect(stdout)
      .to.include('broken.json:1:16: this is not JSON: expected a name in double quotes')
      .and.to.match(/CAP_NET_ADMIN/);
  });

  it('end at a signal while they wait for their input', () => {
    const { stdout, stderr } = bench.run(
      'mkfifo pipe; sleep 60 >pipe & ipvs-ts plan -f - <pipe & sleep 4; kill -INT $!; wait $!; echo $?; kill %1',
    );
    expect([stdout, stderr]).to.deep.equal(['130\n', '']);
  });

  it('stop between sends at a signal, and continue when they are run again', async () => {
    const services = Object.fromEntries(
      Array.from({ length: 12_000 }, (_, index) => [
        `fwmark:${index + 1}`,
        { scheduler: 'rr', destinations: {} },
      ]),
    );
    other.write('many.json', writeDocument({ services }, 'json'));
    using ipvs = IpvsSync.open({ netns: other.netns });
    let status: number | null = 0;
    // The program may be done before the signal comes; then once more.
    for (let tries = 0; tries < 5 && status === 0; tries++) {
      other.run('ipvsadm -C');
      const program = other.start('exec ipvs-ts apply -f many.json >done 2>undone');
      const exited = once(program, 'exit') as Promise<[number | null]>;
      while (!isThere(ipvs, 'fwmark:1') && program.exitCode === null) await sleep(1);
      // It is stopped until the signal is pending.
      for (const signal of ['SIGSTOP', 'SIGINT', 'SIGCONT'] as const) program.kill(signal);
      [status] = await exited;
    }
    const count = ipvs.services().length;
    expect(status).to.equal(130);
    expect(count).to.be.within(1, 11_999);
    expect(
      other.run('wc -l <done; grep -c "^not sent: .*: aborted$" undone; head -1 undone').stdout,
    ).to.equal(
      `${count}\n${12_000 - count}\n` +
        `ipvs-ts apply: cannot apply the declared state: it was aborted; apply again to finish (${count} done, 0 failed, ${12_000 - count} not sent)\n`,
    );
    const again = other.run('ipvs-ts apply -f many.json | tail -1');
    expect(again.stdout).to.equal(`Done: ${12_000 - count} changes.\n`);
  });
});

function isThere(ipvs: IpvsSync, service: string): boolean {
  try {
    ipvs.service(service);
    return true;
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return false;
    throw error;
  }
}
