/** `metrics` as a process on a real kernel. */
import { expect } from 'chai';
import { Bench } from './bench.js';

describe('ipvs-ts metrics on a kernel', () => {
  let bench: Bench;

  before(() => {
    bench = new Bench();
    bench.run('ipvs-ts -A -t 10.9.0.1:80 -s wrr && ipvs-ts -a -t 10.9.0.1:80 -r 10.9.0.2:80 -m -w 7');
  });
  after(() => bench.close());

  it('prints what the kernel counts', () => {
    const { status, stdout, stderr } = bench.run('ipvs-ts metrics');
    expect([status, stderr]).to.deep.equal([0, '']);
    for (const line of [
      'ipvs_connections_total{service="tcp:10.9.0.1:80"} 0',
      'ipvs_destination_weight{service="tcp:10.9.0.1:80",destination="10.9.0.2:80"} 7',
      'ipvs_namespace_connections_total 0',
      'ipvs_sync_daemon_running{daemon="master"} 0',
    ])
      expect(stdout).to.include(`\n${line}\n`);
  });

  for (const signal of ['TERM', 'INT', 'HUP'])
    it(`serves them until SIG${signal}`, () => {
      const { stdout, stderr } = bench.run(
        `ipvs-ts metrics --listen 127.0.0.1:9107 2>log & program=$!
        for try in {1..600}; do curl -s -f -o metrics http://127.0.0.1:9107/metrics && break; sleep 0.1; done
        grep -c ^ipvs_ metrics; curl -s -o none -w '%{http_code}\\n' -H 'Host: evil.example.org' http://127.0.0.1:9107/metrics
        ipvs-ts metrics --listen 127.0.0.1:9107 2>&1; echo $?
        kill -${signal} $program; wait $program; echo $?; cat log >&2`,
      );
      expect(stdout).to.match(
        /^[1-9]\d*\n421\nipvs-ts metrics: cannot listen at 127\.0\.0\.1:9107: EADDRINUSE: [^\n]*\n1\n0\n$/,
      );
      expect(stderr).to.equal('ipvs-ts metrics: http://127.0.0.1:9107/metrics\n');
    });

  it('fails without the privilege, and if the disk is full', () => {
    const { stdout } = bench.run(
      `{ setpriv --bounding-set -net_admin --inh-caps -net_admin ipvs-ts metrics --listen 127.0.0.1:0; echo $?
      ipvs-ts metrics >/dev/full; echo $?; } 2>&1`,
    );
    expect(stdout).to.match(
      /^ipvs-ts metrics: .*CAP_NET_ADMIN.*\n1\nipvs-ts metrics: cannot write .*ENOSPC.*\n1\n$/,
    );
  });
});
