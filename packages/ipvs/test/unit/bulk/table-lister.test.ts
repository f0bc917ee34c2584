import { expect } from 'chai';
import { calls, type Destination, IpvsSync, type Service, type Uncounted } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';
import { TableLister } from '../../../dist/bulk/table-lister.js';
import {
  destinationSettingsText,
  DOCUMENT_LINES,
  serviceSettingsText,
} from '../../../dist/format/document-lines.js';
import { storedDestinationSettings, storedServiceSettings } from '../../../dist/model/settings.js';
import { SessionSync } from '../../../dist/session/session-sync.js';
import { mutate, Random } from '../../fuzz/mutate.js';
import { AlteredKernel, type Alter } from '../altered-kernel.js';
import { withoutWebAssembly } from '../without-web-assembly.js';

const CASES = 1500;
/** A lister remembers every layout that it saw, and has room for some hundred. */
const CASES_A_LISTER = 20;

const SETTINGS = { counters: false } as const;
const FIRST = 'tcp:192.0.2.9:80';

function filled(): IpvsKernel {
  const kernel = new IpvsKernel({ module: 'loaded' });
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
  ipvs.addService(FIRST, {
    scheduler: 'sh',
    flags: ['sh-port', 'sh-fallback'],
    persistence: { timeout: 300, netmask: 24, engine: 'sip' },
  });
  ipvs.addService('udp:192.0.2.10:53', { scheduler: 'rr', onePacket: true });
  ipvs.addService('tcp:[2001:db8::9]:80', { scheduler: 'mh', persistence: { timeout: 60, netmask: 64 } });
  ipvs.addService('fwmark:7', { scheduler: 'wlc', persistence: { timeout: 0, netmask: 16 } });
  ipvs.addService('fwmark6:7', { scheduler: 'wrr', flags: ['flag-2'] });
  ipvs.addDestination(FIRST, '10.0.0.1:80', { forwarding: 'masq', weight: 3 });
  ipvs.addDestination(FIRST, '10.0.0.2:80', { forwarding: 'route', upperThreshold: 9, lowerThreshold: 3 });
  ipvs.addDestination(FIRST, '10.0.0.3:80', { forwarding: 'tunnel' });
  ipvs.addDestination(FIRST, '10.0.0.4:80', {
    forwarding: 'tunnel',
    tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' },
  });
  ipvs.addDestination(FIRST, '10.0.0.5:80', {
    forwarding: 'tunnel',
    tunnel: { type: 'gre', checksum: 'csum' },
  });
  return kernel;
}

const quoted = (key: string): string => (key.includes('[') ? `"${key}"` : key);

const serviceLines = (service: Uncounted<Service>): string =>
  `  ${quoted(service.key)}${serviceSettingsText(storedServiceSettings(service), service.family)}`;

const destinationLine = (each: Uncounted<Destination>): string =>
  `      ${quoted(each.key)}${destinationSettingsText(storedDestinationSettings(each)) ?? '!'}`;

/** Both readings of the same answers: sorted lines, undefined where they were refused, or an error. */
class Pair {
  readonly #kernels = [new AlteredKernel(filled()), new AlteredKernel(filled())] as const;
  readonly #session = SessionSync.open({ transport: this.#kernels[0] });
  readonly #ordinary = IpvsSync.open({ transport: this.#kernels[1] });
  readonly #lister = this.#session.run(TableLister.open(DOCUMENT_LINES));

  read(what: 'services' | 'destinations', alter: Alter): [string[] | undefined, string[] | Error] {
    const [one, other] = this.#kernels;
    one.alter = other.alter = undefined;
    // The same number of requests keeps both in step.
    if (what === 'destinations') {
      this.#session.run(this.#lister?.services('numeric') as never);
      this.#ordinary.call(calls.services());
    }
    one.alter = other.alter = alter;
    return [this.#lines(what)?.sort(), this.#objects(what)];
  }

  #lines(what: 'services' | 'destinations'): string[] | undefined {
    const lister = this.#lister as TableLister;
    if (what === 'services') {
      const count = this.#session.run(lister.services('numeric'));
      return count === undefined
        ? undefined
        : Array.from({ length: count }, (_, index) => lister.service(index));
    }
    const service = lister.service(0);
    const text = this.#session.run(lister.destinations(0));
    if (text === undefined || text === '') return text === '' ? [] : undefined;
    expect(text.startsWith(service)).to.equal(true);
    return text.slice(service.length).match(/.*\n/g) ?? [];
  }

  #objects(what: 'services' | 'destinations'): string[] | Error {
    try {
      return what === 'services'
        ? this.#ordinary.call(calls.services(SETTINGS)).map(serviceLines).sort()
        : this.#ordinary.call(calls.destinations(FIRST, SETTINGS)).map(destinationLine).sort();
    } catch (error) {
      return error as Error;
    }
  }
}

/** Some bytes of an answer changed, or none; in one datagram, or each message in its own. */
function altering(seed: number): Alter {
  return (datagrams) => {
    const random = new Random(seed);
    const whole: Uint8Array[] = [Uint8Array.from(Buffer.concat(datagrams))];
    const parts = random.below(2) === 0 ? whole : datagrams.map((each) => each.slice());
    const at = random.below(parts.length);
    if (random.below(8) > 0) parts[at] = mutate(random, parts[at] as Uint8Array);
    return parts;
  };
}

describe('lines of a document from the kernel', () => {
  it('are those of the objects, wherever they are read at all, whatever the answers', function () {
    this.timeout(120_000);
    const seen = { read: 0, refused: 0, unusual: 0 };
    let pair = new Pair();
    for (let index = 0; index < CASES; index++) {
      if (index % CASES_A_LISTER === 0) pair = new Pair();
      const [lines, objects] = pair.read(index % 2 === 0 ? 'services' : 'destinations', altering(index));
      if (lines === undefined) seen.refused += 1;
      // Of a service that is persistent for no time, only the export has a line.
      else if (lines.some((line) => line.includes('timeout: 0'))) seen.unusual += 1;
      else {
        seen.read += 1;
        expect(lines, `case ${index}`).to.deep.equal(objects);
      }
    }
    expect(Math.min(seen.read, seen.refused), JSON.stringify(seen)).to.be.greaterThan(CASES / 20);
  });

  it('have names in quotes where YAML needs them, and a mark where no document says it', () => {
    const [services = []] = new Pair().read('services', (datagrams) => datagrams);
    expect(services.map((each) => each.slice(0, each.indexOf('\n')))).to.deep.equal([
      '  "tcp:[2001:db8::9]:80":',
      '  fwmark6:7:',
      '  fwmark:7:',
      `  ${FIRST}:`,
      '  udp:192.0.2.10:53:',
    ]);
    expect(services.filter((each) => each.includes('!'))).to.have.length(1);
    const [destinations = []] = new Pair().read('destinations', (datagrams) => datagrams);
    expect(destinations.at(-1)).to.equal(
      '      10.0.0.5:80: { forwarding: tunnel, weight: 1, tunnel: { type: gre, checksum: csum } }\n',
    );
  });

  it('are not read where there is no WebAssembly', () => {
    const session = SessionSync.open({ transport: doubleTransportSync(filled()) });
    expect(withoutWebAssembly(() => session.run(TableLister.open(DOCUMENT_LINES)))).to.equal(undefined);
  });
});
