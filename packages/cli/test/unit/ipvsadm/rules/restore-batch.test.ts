import { IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { expect } from 'chai';
import { ipvsadm } from '../../../../dist/index.js';
import { trial } from '../../fake-ipvs.js';

/** Rules that are sent together, to the kernel in memory. */
function restore(stdin: string): { status: number; err: string; services: string[] } {
  const kernel = new IpvsKernel();
  const open = (): IpvsSync => IpvsSync.open({ transport: doubleTransportSync(kernel), checks: 'kernel' });
  const io = trial({}, { open, readStdin: () => [stdin] });
  const status = ipvsadm(['-R'], io);
  const services = open()
    .services()
    .map(({ key }) => key);
  return { status, err: io.err, services };
}

const rule = '-A -t 192.0.2.1:80 -s rr\n';

describe('rules that are sent together', () => {
  it('have the status of the last one, and report what was refused', () => {
    expect(restore(rule + rule)).to.deep.equal({
      status: 255,
      err: 'Service already exists\n',
      services: ['tcp:192.0.2.1:80'],
    });
    expect(restore(`${rule}${rule}-A -f 7 -s rr\n`).status).to.equal(0);
  });

  it('are executed before errors of later lines are reported', () => {
    const { status, err, services } = restore(`${rule}-Z --bogus\n-a -t 192.0.2.9:80 -r 10.0.0.1 -m\n`);
    expect(err).to.match(/--bogus: unknown option\n[^]*Service not defined\n$/);
    expect(status).to.equal(255);
    expect(services).to.deep.equal(['tcp:192.0.2.1:80']);
  });
});
