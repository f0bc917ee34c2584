import { expect } from 'chai';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';
import { main } from '../../../../dist/ipvsadm/main.js';
import { PlainRules } from '../../../../dist/ipvsadm/rules/rule-patterns.js';
import { trial, withoutWebAssembly } from '../../fake-ipvs.js';

/** What a kernel is asked by a restore of `rules`, what is told, and the status. */
function restored(rules: string, pieces: Iterable<string> = [rules]): unknown {
  const kernel = new IpvsKernel({ module: 'loaded' });
  const sent: string[] = [];
  const transport = doubleTransportSync(kernel);
  const io = trial(
    {},
    {
      readStdin: () => pieces,
      open: () =>
        IpvsVerbsSync.open({
          transport: {
            ...transport,
            send: (bytes) => {
              sent.push(Buffer.from(bytes).toString('hex'));
              transport.send(bytes);
            },
          },
          checks: 'kernel',
        }),
    },
  );
  return { status: main(['-R'], io), err: io.err, sent };
}

/** A blank before the first word changes nothing but the way that a line takes. */
const theLongWay = (rules: string): string => rules.replaceAll(/^/gm, ' ');

const PLAIN = [
  '-A -t 10.0.0.1:80 -s wlc',
  '-A -u 10.0.0.1:65535 -s rr',
  '-A -t 255.255.255.255:1 -s sh',
  '-A -t 10.0.0.1:80 -s wlc',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:8080 -m -w 1',
  '-a -t 10.0.0.1:80 -r 172.16.0.2:80 -g -w 0',
  '-a -t 10.0.0.1:80 -r 172.16.0.3:8080 -g -w 65535',
  '-a -u 10.0.0.1:65535 -r 192.168.255.254:1 -m -w 999999999',
  '-a -u 10.0.0.9:53 -r 192.168.0.1:53 -m -w 3',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:8080 -m -w 1',
];

const OTHER = [
  '-A -t 10.0.0.1:80 -s ipvsadm',
  '-A -u 10.0.0.1:80 -s ipvsadm',
  '-A -t 10.0.0.256:80 -s wlc',
  '-A -t 10.0.0.1:65536 -s wlc',
  '-A -t 10.0.0.01:80 -s wlc',
  '-A -t 10.0.0.1:0 -s wlc',
  '-A -t 10.0.0.1:080 -s wlc',
  '-A -t 10.0.0.1:80 -s wlc -p 300',
  '-A -t [fd00::1]:80 -s wlc',
  '-A -f 1 -s wlc',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:8080 -i -w 1 --tun-type ipip',
  '-a -t 10.0.0.1:80 -r 172.16.0.300:8080 -m -w 1',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:0 -m -w 1',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:70000 -m -w 1',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:8080 -m -w 01',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:8080 -m',
  '-a -t 10.0.0.1:80 -r 172.16.0.1:8080 -m -w 4294967296',
  '-E -t 10.0.0.1:80 -s rr',
  '-d -t 10.0.0.1:80 -r 172.16.0.1:8080',
];

/** What is left of a rule that is cut off may be a rule too. */
const PLAIN_CUT = /(-s [a-z]+|-w [0-9]+)$/;

describe('rules that are recognised whole', () => {
  it('are those that -S writes, and no others', () => {
    const transport = doubleTransportSync(new IpvsKernel({ module: 'loaded' }));
    const plain = new PlainRules(IpvsVerbsSync.open({ transport }).bulkBatch());
    const rules = { take: (text: string, at: number) => plain.take(Buffer.from(text), at) };
    for (const line of PLAIN) {
      expect(rules.take(`${line}\n`, 0), line).to.equal(line.length + 1);
      expect(rules.take(`-C\n${line}\n-C`, 3), line).to.equal(line.length + 4);
      expect(rules.take(line, 0), `${line}, unfinished`).to.equal(0);
      for (let length = 0; length < line.length; length++)
        expect(rules.take(`${line.slice(0, length)}\n`, 0), line.slice(0, length)).to.equal(
          PLAIN_CUT.test(line.slice(0, length)) ? length + 1 : 0,
        );
    }
    for (const line of OTHER) expect(rules.take(`${line}\n`, 0), line).to.equal(0);
    const all = `${PLAIN.join('\n')}\n`;
    expect(rules.take(`${all}-C\n${all}`, 0)).to.equal(all.length);
  });

  it('send the kernel the same bytes as the ordinary path, in the same order, and report the same', () => {
    const mixed = PLAIN.flatMap((line, index) => [line, OTHER[index] ?? '']);
    for (const lines of [PLAIN, [...PLAIN].reverse(), mixed, [...OTHER, ...PLAIN]]) {
      for (const each of [lines, ...lines.map((line) => [line])]) {
        const rules = `${each.join('\n')}\n`;
        expect(restored(rules), rules).to.deep.equal(restored(theLongWay(rules)));
      }
    }
  });

  it('take the ordinary path without WebAssembly', () => {
    const rules = `${PLAIN.join('\n')}\n`;
    const expected = restored(rules);
    expect(withoutWebAssembly(() => restored(rules))).to.deep.equal(expected);
  });

  it('may be cut anywhere, and fill many sends', () => {
    const services = Array.from(
      { length: 600 },
      (_, index) => `-A -t 10.0.${index >> 8}.${index & 255}:80 -s wlc`,
    );
    const lines = services.flatMap((line, index) => [
      line,
      `-a ${line.slice(3, -7)} -r 172.16.0.1:80 -m -w ${index % 3 === 0 ? 70_000_000 : 1}`,
      ...(index % 97 === 0 ? [line, '-a -f 1 -r 172.16.0.1:80 -g'] : []),
    ]);
    const rules = `${lines.join('\n')}\n`;
    const { status, err } = restored(theLongWay(rules)) as Record<string, unknown>;
    for (const size of [17, 4096, rules.length]) {
      const pieces = Array.from({ length: Math.ceil(rules.length / size) }, (_, index) =>
        rules.slice(index * size, (index + 1) * size),
      );
      expect(restored(rules, pieces)).to.deep.include({ status, err });
    }
  });
});
