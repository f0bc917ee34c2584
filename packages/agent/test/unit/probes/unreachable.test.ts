/** Checks where this host cannot reach anybody: under Node, and under Bun, which the executable is made of. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { RUNTIMES } from './runtimes.js';

const PROGRAM = fileURLToPath(new URL('unreachable.js', import.meta.url));
interface Seen {
  readonly type: string;
  readonly outcome: string;
  readonly reason: string;
  readonly refused: boolean;
}

interface Case {
  readonly title: string;
  /** Run in an empty network namespace before the checks. */
  readonly setUp: string;
  readonly destination: string;
  readonly outcome: 'failed' | 'no verdict';
  readonly reason: RegExp;
  readonly refused: boolean;
}

const UP = 'ip link set lo up';
const CASES: readonly Case[] = [
  {
    title: 'no route: no verdict',
    setUp: UP,
    destination: '10.1.1.1:80',
    outcome: 'no verdict',
    reason: /no route \(ENETUNREACH\)/,
    refused: false,
  },
  {
    title: 'no route for IPv6: no verdict',
    setUp: UP,
    destination: '[2001:db8::9]:80',
    outcome: 'no verdict',
    reason: /\((ENETUNREACH|EADDRNOTAVAIL)\)/,
    refused: false,
  },
  {
    title: 'a route that forbids: no verdict',
    setUp: `${UP}; ip route add prohibit 10.1.1.0/24`,
    destination: '10.1.1.1:80',
    outcome: 'no verdict',
    reason: /\(EACCES\)/,
    refused: false,
  },
  {
    title: 'a route that says unreachable: failed, and no sign of life',
    setUp: `${UP}; ip route add unreachable 10.1.1.0/24`,
    destination: '10.1.1.1:80',
    outcome: 'failed',
    reason: /host unreachable/,
    refused: false,
  },
  {
    title: 'nobody listens: failed, by a host that lives',
    setUp: UP,
    destination: '127.0.0.1:80',
    outcome: 'failed',
    reason: /connection refused/,
    refused: true,
  },
];

describe('checks of this host in an empty network', function () {
  this.timeout(120_000);

  before(function () {
    // Where nobody may make user namespaces.
    if (process.env['CI'] === undefined && spawnSync('unshare', ['-rn', 'true']).status !== 0) this.skip();
  });

  for (const { name, runtime } of RUNTIMES)
    for (const { title, setUp, destination, ...expected } of CASES)
      it(`${title} (${name})`, () => {
        const script = `${setUp} && exec "$@"`;
        const words = ['-rn', 'sh', '-c', script, 'sh', runtime, PROGRAM, destination];
        const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
        const seen = JSON.parse(stdout || JSON.stringify(stderr)) as readonly Seen[];
        expect(seen).to.have.length(8);
        for (const { type, outcome, reason, refused } of seen) {
          expect({ outcome, refused }, `${type}: ${reason}`).to.deep.equal({
            outcome: expected.outcome,
            refused: expected.refused,
          });
          expect(reason, type).to.match(expected.reason);
        }
      });
});
