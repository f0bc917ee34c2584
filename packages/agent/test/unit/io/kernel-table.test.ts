/** Changes by others between the reading behind a decision and the requests that carry it out. */
import { expect } from 'chai';
import { type DesiredState, Ipvs, IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { KernelTable } from '../../../dist/io/kernel-table.js';
import type { LoopEvent, Seen } from '../../../dist/loop/events.js';

const WEB = 'tcp:192.0.2.10:80';
const MAIL = 'tcp:192.0.2.11:25';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';

type Applied = LoopEvent & { readonly kind: 'applied' };

describe('the table of the kernel', () => {
  let kernel: IpvsKernel;
  let table: KernelTable;
  /** The other client. */
  let other: IpvsSync;

  beforeEach(() => {
    kernel = new IpvsKernel();
    const proc = '/nonexistent';
    table = new KernelTable(() => Ipvs.open({ transport: doubleTransport(kernel), proc }), false);
    other = IpvsSync.open({ transport: doubleTransportSync(kernel), proc });
    for (const service of [WEB, MAIL]) {
      other.addService(service, { scheduler: 'wlc' });
      for (const each of [ONE, TWO]) other.addDestination(service, each, { weight: 100 });
    }
  });

  afterEach(async () => {
    other.close();
    await table.close();
  });

  async function read(): Promise<Seen> {
    const event = await table.look({ kind: 'look', services: 'all' });
    if (event.kind !== 'looked') throw new Error(event.kind);
    return event.seen;
  }

  async function apply(
    services: DesiredState['services'],
    from: Seen,
    deletions: { readonly services?: readonly string[]; readonly destinations?: readonly string[] } = {},
  ): Promise<Applied> {
    const event = await table.apply({
      kind: 'apply',
      desired: { services },
      from,
      deleteDestinations: (deletions.destinations ?? []).map((destination) => ({
        service: WEB,
        destination,
      })),
      deleteServices: deletions.services ?? [],
    });
    if (event.kind !== 'applied') throw new Error(event.kind);
    return event;
  }

  const weights = (service: string): Record<string, number> =>
    Object.fromEntries(
      other
        .destinations(service)
        .map(({ key, weight }) => [key, weight] as const)
        .sort(),
    );

  const halved = { scheduler: 'wlc', destinations: { [ONE]: { weight: 50 }, [TWO]: { weight: 100 } } };

  for (const [what, change] of [
    ['a deletion', () => other.deleteDestination(WEB, TWO)],
    ['weight 0', () => other.updateDestination(WEB, TWO, { weight: 0 })],
    ['another weight', () => other.updateDestination(WEB, TWO, { weight: 7 })],
    ['a threshold', () => other.updateDestination(WEB, TWO, { upperThreshold: 9 })],
    ['a scheduler', () => other.updateService(WEB, { scheduler: 'rr' })],
    ['a deletion of the service', () => other.deleteService(WEB)],
  ] as const)
    it(`leaves a service for another look after ${what}, and changes the others`, async () => {
      const from = await read();
      change();
      const before = kernel.requests.length;
      const { overtaken, changes, failures, seen } = await apply({ [WEB]: halved, [MAIL]: halved }, from, {
        destinations: [ONE],
      });
      expect(failures).to.deep.equal([]);
      expect(overtaken).to.deep.equal([WEB]);
      expect(changes).to.deep.equal([`edit destination ${ONE} of service ${MAIL}: weight 100 -> 50`]);
      expect([...seen.keys()]).to.deep.equal([MAIL]);
      expect(weights(MAIL)).to.deep.equal({ [ONE]: 50, [TWO]: 100 });
      const sent = kernel.requests
        .slice(before)
        .filter(({ operation = '' }) => /^(NEW|SET|DEL)/.test(operation));
      expect(sent).to.have.length(1);
    });

  it('leaves a service that somebody else added first to be looked at again', async () => {
    other.deleteService(WEB);
    const from = await read();
    other.addService(WEB, { scheduler: 'wlc' });
    other.addDestination(WEB, ONE, { weight: 0 });
    const { overtaken } = await apply({ [WEB]: halved }, new Map([...from, [WEB, undefined]]));
    expect(overtaken).to.deep.equal([WEB]);
    expect(weights(WEB)).to.deep.equal({ [ONE]: 0 });
  });

  it('continues if somebody else added something unrelated to the change', async () => {
    const from = await read();
    other.addDestination(WEB, '10.9.9.9:80', { weight: 9 });
    const { overtaken } = await apply({ [WEB]: halved }, from);
    expect(overtaken).to.deep.equal([]);
    expect(weights(WEB)).to.deep.equal({ [ONE]: 50, [TWO]: 100, '10.9.9.9:80': 9 });
  });

  it('deletes a service only while it has no destinations', async () => {
    for (const service of [WEB, MAIL]) for (const each of [ONE, TWO]) other.deleteDestination(service, each);
    const from = await read();
    other.addDestination(WEB, '10.9.9.9:80', { weight: 9 });
    const { overtaken, changes } = await apply({}, from, { services: [WEB, MAIL] });
    expect(overtaken).to.deep.equal([WEB]);
    expect(changes).to.deep.equal([`delete service ${MAIL}`]);
    expect(other.services().map(({ key }) => key)).to.deep.equal([WEB]);
    expect(weights(WEB)).to.deep.equal({ '10.9.9.9:80': 9 });
  });
});
