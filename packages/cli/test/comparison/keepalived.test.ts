/** keepalived at work in a namespace, and this package beside it: it lists, edits and deletes what keepalived made. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Arena } from './arena.js';
import { type Result, resultText } from './result.js';

/** How long keepalived may take to do what it is asked for. */
const PATIENCE_MS = 30_000;

const CONFIGURATION = `
global_defs {
  checker_log_all_failures
}
virtual_server 10.0.0.1 80 {
  lb_algo wrr
  lb_kind NAT
  persistence_timeout 50
  persistence_granularity 255.255.255.0
  protocol TCP
  real_server 10.0.0.2 8080 {
    weight 3
    uthreshold 100
    lthreshold 50
  }
  real_server 10.0.0.3 8080 {
    weight 5
  }
}
virtual_server fd00::1 53 {
  lb_algo sh
  flag-2
  lb_kind TUN
  protocol UDP
  ops
  real_server fd00::2 53 {
  }
}
virtual_server fwmark 7 {
  lb_algo lc
  lb_kind DR
  real_server 10.0.0.4 0 {
  }
}
`;

describe('beside keepalived', function () {
  this.timeout(120_000);
  let arena: Arena;
  let directory: string;

  before(async () => {
    arena = new Arena();
    directory = mkdtempSync('/run/ipvs-ts-keepalived-');
    writeFileSync(join(directory, 'configuration'), CONFIGURATION);
    const files = ['p', 'c', 'r'].map((letter) => `-${letter} ${directory}/pid.${letter}`).join(' ');
    const options = `-n -C -l -f ${directory}/configuration ${files}`;
    await arena.reference.shell.run(`keepalived ${options} </dev/null >${directory}/log 2>&1 & echo started`);
    await until(
      'services of keepalived',
      () => listing().includes('[fd00::2]:53') && listing().includes('10.0.0.4'),
    );
  });

  after(async () => {
    await arena.reference.shell.run(`kill $(cat ${directory}/pid.p) 2>/dev/null; wait`);
    arena.close();
    rmSync(directory, { recursive: true });
  });

  for (const words of ['-ln', '-Sn', '-ln --thresholds', '-ln --persistent-conn', '-ln -t 10.0.0.1:80']) {
    it(`${words} shows what the reference shows`, () => showsTheSame(words));
  }

  it('shows the configuration of keepalived', () => {
    expect(
      listing()
        .split('\n')
        .map((line) => line.trimEnd())
        .slice(3, -1),
    ).to.deep.equal([
      'TCP  10.0.0.1:80 wrr persistent 50 mask 255.255.255.0',
      '  -> 10.0.0.2:8080                Masq    3      0          0',
      '  -> 10.0.0.3:8080                Masq    5      0          0',
      'UDP  [fd00::1]:53 sh (sh-port) ops',
      '  -> [fd00::2]:53                 Tunnel  1      0          0',
      'FWM  7 lc',
      '  -> 10.0.0.4:0                   Route   1      0          0',
    ]);
  });

  it('edits and deletes its real servers, and adds others', async () => {
    done('-e -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 9 -x 10');
    done('-d -t 10.0.0.1:80 -r 10.0.0.3:8080');
    done('-a -t 10.0.0.1:80 -r 10.0.0.9:8080 -m');
    done('-E -f 7 -s rr');
    await showsTheSame('-Sn');
    await showsTheSame('-ln --thresholds');
    expect(save()).to.contain('-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 9\n');
    expect(save()).not.to.contain('10.0.0.3:8080');
    expect(save()).to.contain('-A -f 7 -s rr\n');
  });

  it('has services of its own beside', async () => {
    done('-A -t 10.0.0.8:80 -s rr');
    done('-a -t 10.0.0.8:80 -r 10.0.0.2:80 -m');
    await showsTheSame('-ln');
  });

  it('keeps them over keepalived’s reload, which brings a new service', async () => {
    const more = `${CONFIGURATION}virtual_server 10.0.0.5 443 {\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n  real_server 10.0.0.6 443 {\n  }\n}\n`;
    writeFileSync(join(directory, 'configuration'), more);
    await arena.reference.shell.run(`kill -HUP $(cat ${directory}/pid.p)`);
    await until('the service that the reload brings', () =>
      save().includes('-a -t 10.0.0.5:443 -r 10.0.0.6:443'),
    );
    expect(save()).to.contain('-a -t 10.0.0.8:80 -r 10.0.0.2:80 -m -w 1\n');
    await showsTheSame('-Sn');
  });

  it('keeps them when keepalived ends and takes its services with it', async () => {
    await arena.reference.shell.run(`kill $(cat ${directory}/pid.p); wait`);
    await until('the end of keepalived', () => !save().includes('10.0.0.1:80'));
    await showsTheSame('-Sn');
    expect(save()).to.equal('-A -t 10.0.0.8:80 -s rr\n-a -t 10.0.0.8:80 -r 10.0.0.2:80 -m -w 1\n');
  });

  function listing(): string {
    return arena.reference.run({ argv: '-ln' }).stdout;
  }

  function save(): string {
    return arena.reference.run({ argv: '-Sn' }).stdout;
  }

  function done(words: string): void {
    expect(arena.reference.run({ argv: words })).to.deep.equal({ status: 0, stdout: '', stderr: '' });
  }

  async function showsTheSame(words: string): Promise<void> {
    const [reference] = (await arena.runReference([{ argv: words }])) as [Result];
    expect(resultText(arena.reference.run({ argv: words }))).to.equal(resultText(reference));
  }

  async function until(what: string, condition: () => boolean): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; !condition();) {
      if (Date.now() > deadline)
        throw new Error(`${what}: not there; ${readFileSync(join(directory, 'log'), 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
});
