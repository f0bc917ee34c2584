import { expect } from 'chai';
import fc from 'fast-check';
import { readRule, ruleForm, ruleWords } from '../../../dist/format/rule-pattern.js';
import {
  ADD_DESTINATION,
  ADD_SERVICE,
  destinationSettingsWords,
  serviceNameWords,
  serviceSettingsWords,
} from '../../../dist/format/rules.js';

const number = fc.nat();
const word = fc.stringMatching(/^[a-z0-9.-]{1,12}$/).filter((text) => !text.startsWith('-'));
const endpoint = fc.tuple(fc.ipV4(), fc.nat(65_535)).map(([address, port]) => `${address}:${port}`);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const serviceName = fc.oneof(
  fc.record({ protocol: fc.constantFrom('tcp', 'udp', 'sctp'), service: endpoint }),
  fc.record({ fwmark: number, ipv6: maybe(fc.constant(1)) }),
);
const serviceSettings = fc
  .record({
    scheduler: word,
    timeout: maybe(number),
    netmask: maybe(word),
    engine: maybe(word),
    onePacket: maybe(fc.constant(1)),
    flags: maybe(word),
  })
  // A mask is printed with persistence only.
  .map((values) => (values.timeout === undefined ? { ...values, netmask: undefined } : values));
const destination = fc
  .record({
    destination: endpoint,
    forwarding: fc.constantFrom('masq', 'tunnel', 'route'),
    weight: number,
    tunnelType: maybe(word),
    tunnelPort: maybe(number),
    checksum: maybe(fc.constantFrom('none', 'csum', 'remcsum')),
  })
  .map((values) =>
    values.tunnelType === undefined ? { ...values, tunnelPort: undefined, checksum: undefined } : values,
  );

/** Values as a rule has them: as text, those that are there. */
function texts(values: object): object {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

describe('rules of ipvsadm', () => {
  it('read back what they print: services', () => {
    fc.assert(
      fc.property(serviceName, serviceSettings, (name, settings) => {
        const values = { ...name, ...settings };
        expect(readRule(ADD_SERVICE, ruleWords(ADD_SERVICE, values))).to.deep.equal(texts(values));
      }),
    );
  });

  it('read back what they print: destinations', () => {
    fc.assert(
      fc.property(serviceName, destination, (name, settings) => {
        const values = { ...name, ...settings };
        expect(readRule(ADD_DESTINATION, ruleWords(ADD_DESTINATION, values))).to.deep.equal(texts(values));
      }),
    );
  });

  it('read no other line', () => {
    for (const line of [
      '',
      '-A',
      '-A -t 10.0.0.1:80',
      '-A -t 10.0.0.1:80 -s',
      '-A -t 10.0.0.1:80 -s rr -x 1',
      '-A -x 10.0.0.1:80 -s rr',
      '-A -f x -s rr',
      '-a -t 10.0.0.1:80 -s rr',
      '-E -t 10.0.0.1:80 -s rr',
    ])
      expect(readRule(ADD_SERVICE, line.split(' ')), line).to.equal(undefined);
  });

  it('are forms of text with gaps for bulk reading', () => {
    expect(ruleForm(ADD_SERVICE, { protocol: 'udp', scheduler: 'mh' }).text).to.equal('-A -u @:# -s mh');
    const { text, gaps } = ruleForm(ADD_DESTINATION, { protocol: 'tcp', forwarding: 'masq' });
    expect(text).to.equal('-a -t @:# -r @:# -m -w #');
    expect(gaps.map(({ value, part }) => `${value} ${part}`)).to.deep.equal([
      'service address',
      'service port',
      'destination address',
      'destination port',
      'weight number',
    ]);
    expect(() => ruleForm(ADD_SERVICE, { protocol: 'udp' })).to.throw(TypeError, 'scheduler');
  });

  it('name services and settings, leaving defaults out', () => {
    const service = {
      ...{ key: 'tcp:[fd00::1]:80', protocol: 'tcp', address: 'fd00::1', port: 80, family: 'ipv6' },
      ...{ scheduler: '', flags: ['sh-port'], onePacket: true },
      persistence: { timeout: 300, netmask: 64, engine: 'sip' },
    } as never;
    expect(serviceNameWords(service).join(' ')).to.equal('-t [fd00::1]:80');
    expect(serviceSettingsWords(service).join(' ')).to.equal('-s none -p 300 -M 64 --pe sip -o -b sh-port');
    const tunnel = { type: 'gue', port: 6080, checksum: 'csum' };
    const found = { key: '10.0.0.1:80', forwarding: 'tunnel', tunnel, upperThreshold: 9, lowerThreshold: 0 };
    expect(destinationSettingsWords(found as never).join(' ')).to.equal(
      '-r 10.0.0.1:80 -i --tun-type gue --tun-port 6080 --tun-csum -x 9',
    );
  });
});
