import { expect } from 'chai';
import fc from 'fast-check';
import {
  destinationKeyText,
  isArgumentError,
  parseDestinationKey,
  parseServiceKey,
  type ServiceKey,
  serviceKeyText,
} from '@ipvs-ts/ipvs';

const port = fc.integer({ min: 0, max: 65535 });
const address = fc.oneof(fc.ipV4(), fc.ipV6());
const key: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc.record({
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const, 'protocol-41' as const),
    address,
    port,
  }),
  fc.record({
    fwmark: fc.integer({ min: 1, max: 0xffff_ffff }),
    family: fc.constantFrom('ipv4' as const, 'ipv6' as const),
  }),
);

function refusal(work: () => unknown): { name: string; path: string } {
  try {
    work();
  } catch (error) {
    if (isArgumentError(error)) return { name: error.name, path: error.path };
    throw error;
  }
  return expect.fail('it was accepted');
}

describe('keys', () => {
  it('of destinations are those texts of four numbers up to 255 and a port that have no other spelling', () => {
    const digits = fc.stringMatching(/^[0-9]{0,4}$/);
    const texts = fc.oneof(
      fc
        .tuple(digits, digits, digits, digits, fc.stringMatching(/^[0-9]{0,6}$/))
        .map(([one, two, three, four, five]) => `${one}.${two}.${three}.${four}:${five}`),
      fc.stringMatching(/^[0-9.:]{0,24}$/),
    );
    const octet = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
    const form = new RegExp(`^((?:${octet}\\.){3}${octet}):([0-9]{1,5})$`);
    fc.assert(
      fc.property(texts, (text) => {
        const found = form.exec(text);
        const [address = '', last = ''] = [found?.[1], found?.at(-1)];
        if (found === null || Number(last) > 65_535) expect(() => parseDestinationKey(text)).to.throw();
        else expect(parseDestinationKey(text)).to.deep.equal({ address, port: Number(last) });
      }),
      { numRuns: 2000 },
    );
  });

  it('of services come back from their text', () => {
    fc.assert(
      fc.property(key, (each) => {
        const canonical = parseServiceKey(each);
        expect(parseServiceKey(serviceKeyText(canonical))).to.deep.equal(canonical);
      }),
    );
  });

  it('of destinations come back from their text', () => {
    fc.assert(
      fc.property(fc.record({ address, port }), (each) => {
        const canonical = parseDestinationKey(each);
        expect(parseDestinationKey(destinationKeyText(canonical))).to.deep.equal(canonical);
      }),
    );
  });

  it('have one text for one service', () => {
    expect(serviceKeyText(parseServiceKey('tcp:[2001:DB8:0::1]:80'))).to.equal('tcp:[2001:db8::1]:80');
    expect(serviceKeyText(parseServiceKey('protocol-6:10.0.0.1:80'))).to.equal('tcp:10.0.0.1:80');
    expect(serviceKeyText(parseServiceKey('fwmark:007'))).to.equal('fwmark:7');
    expect(serviceKeyText(parseServiceKey({ fwmark: 7, family: 'ipv6' }))).to.equal('fwmark6:7');
  });

  it('are refused with the reason', () => {
    for (const bad of [
      '',
      'tcp',
      'tcp:',
      'tcp:10.0.0.1',
      'tcp:10.0.0.1:',
      'tcp:10.0.0.1:65536',
      'tcp:10.0.0.1:-1',
      'tcp:10.0.0.1:80:',
      'icmp:10.0.0.1:80',
      'tcp:2001:db8::1:80',
      'tcp:[10.0.0.1]:80',
      'tcp:[2001:db8::1]',
      'tcp:10.0.0.256:80',
      'TCP:10.0.0.1:80',
      ' tcp:10.0.0.1:80',
      'tcp:10.0.0.1:80\n',
      'fwmark:0',
      'fwmark:4294967296',
      'fwmark:-1',
      'fwmark:',
      'fwmark7:7',
      'protocol-65536:10.0.0.1:80',
      'constructor:10.0.0.1:80',
      'tcp:example.org:80',
    ]) {
      expect(
        refusal(() => parseServiceKey(bad)),
        bad,
      ).to.deep.equal({ name: 'RangeError', path: 'service' });
    }
    for (const bad of [
      '',
      '10.0.0.1',
      '10.0.0.1:65536',
      '2001:db8::1:80',
      '[2001:db8::1]',
      'host:80',
      '10.0.0.1:8o',
    ]) {
      expect(
        refusal(() => parseDestinationKey(bad)),
        bad,
      ).to.deep.equal({ name: 'RangeError', path: 'destination' });
    }
  });

  it('name the part of an object that is wrong', () => {
    const bad: [unknown, string][] = [
      [null, 'service'],
      [42, 'service'],
      [{}, 'service.protocol'],
      [{ protocol: 'icmp', address: '10.0.0.1', port: 1 }, 'service.protocol'],
      [{ protocol: 'tcp', address: 'nowhere', port: 1 }, 'service.address'],
      [{ protocol: 'tcp', address: '10.0.0.1', port: 65536 }, 'service.port'],
      [{ protocol: 'tcp', address: '10.0.0.1', port: '80' }, 'service.port'],
      [{ fwmark: 0, family: 'ipv4' }, 'service.fwmark'],
      [{ fwmark: 1 }, 'service.family'],
    ];
    for (const [value, path] of bad)
      expect(refusal(() => parseServiceKey(value as ServiceKey)).path, JSON.stringify(value)).to.equal(path);
    expect(refusal(() => parseDestinationKey(null as never)).path).to.equal('destination');
    expect(refusal(() => parseDestinationKey({ address: '10.0.0.1', port: NaN })).path).to.equal(
      'destination.port',
    );
  });
});
