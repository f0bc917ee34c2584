/** Counters that are not zero: both list one namespace, through which packets have gone. */
import { expect } from 'chai';
import { Arena } from './arena.js';

/** The kernel adds up counters every two seconds. */
const ESTIMATOR_MS = 2_500;

const RULES = [
  '-A -u 192.0.2.1:9 -s rr',
  '-a -u 192.0.2.1:9 -r 127.0.0.1:9 -m',
  '-a -u 192.0.2.1:9 -r 127.0.0.2:10 -m -w 2',
  '-A -u 192.0.2.1:10 -s wlc -p 60',
  '-a -u 192.0.2.1:10 -r 127.0.0.3:9 -m',
].join('\n');

/** Datagrams from one source port each. */
const TRAFFIC = `bash -c '
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  for port in 9 10; do
    { exec 3>/dev/udp/192.0.2.1/$port && printf 0123456789 >&3; exec 3>&-; } 2>/dev/null
  done
done'`;

describe('counters', function () {
  this.timeout(60_000);
  let arena: Arena;

  before(async () => {
    arena = new Arena();
    await arena.prepare(RULES);
    await arena.own.shell.run(TRAFFIC);
    await new Promise((resolve) => setTimeout(resolve, ESTIMATOR_MS));
  });

  after(() => {
    arena.close();
  });

  for (const words of [
    '-ln',
    '-ln --stats',
    '-ln --stats --exact',
    '-ln --persistent-conn',
    '-ln --thresholds',
    '-l --stats',
  ]) {
    it(words, async () => {
      const reference = await arena.own.shell.run(`ipvsadm ${words}`);
      const { stdout } = arena.own.run({ argv: words });
      expect(stdout).to.equal(reference);
      expect(stdout).to.match(words.includes('stats') ? / 12 / : / [1-9][0-9]* /);
    });
  }
});
