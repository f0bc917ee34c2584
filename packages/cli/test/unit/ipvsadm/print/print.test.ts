import { expect } from 'chai';
import { connectionsText } from '../../../../dist/ipvsadm/print/connections.js';
import type { Layout } from '../../../../dist/ipvsadm/print/format.js';
import { layoutLines } from '../../../../dist/ipvsadm/print/layouts.js';
import { daemonsText } from '../../../../dist/ipvsadm/print/timeouts-and-daemons.js';
import { mergeSort, sortDestinations, sortServices } from '../../../../dist/ipvsadm/print/sort.js';
import { type Entry, entryText } from '../../../../dist/ipvsadm/print/table.js';
import type { NameLookup } from '../../../../dist/ipvsadm/language/names.js';
import { lineWords, readRules, RULE_LINES } from '../../../../dist/ipvsadm/rules/rules.js';
import { destination, service, trial } from '../../fake-ipvs.js';

const COUNTS = { connections: 1, inPackets: 99_999_999, outPackets: 100_000_000, inBytes: 0, outBytes: 5e9 };
const STATS = {
  connections: 4_294_967_297n,
  inPackets: 99_999_999n,
  outPackets: 99_999_999_999n,
  inBytes: 18_446_744_073_709_551_615n,
  outBytes: 0n,
};

function table(layout: Layout, exact = false): string[] {
  const entry = {
    service: service({ stats: STATS, rates: COUNTS }),
    destinations: [destination({ stats: STATS, rates: COUNTS, upperThreshold: 7, persistentConnections: 9 })],
  };
  return tableOf([entry], { layout, exact, names: undefined }).split('\n').slice(2, 4);
}

interface Format {
  readonly layout: Layout;
  readonly exact: boolean;
  readonly names: NameLookup | undefined;
}

function tableOf(entries: readonly Entry[], { layout, exact, names }: Format): string {
  const lines = layoutLines(layout, exact);
  return lines.title + entries.map((entry) => entryText(entry, lines, names)).join('');
}

const rulesOf = (entries: readonly Entry[], names: NameLookup | undefined): string =>
  entries.map((entry) => entryText(entry, RULE_LINES, names)).join('');

describe('table', () => {
  it('prints totals, those of destinations whole too', () => {
    expect(table('stats')).to.deep.equal([
      'TCP  10.0.0.1:80                     4294M 99999999   99999M18446744T        0',
      '  -> 10.0.0.2:80                     4294M 99999999   99999M18446744T        0',
    ]);
    expect(table('stats', true)[1]).to.equal(
      '  -> 10.0.0.2:80                  4294967297 99999999 99999999999 18446744073709551615        0',
    );
  });
  it('prints rates, the first three of destinations unscaled', () => {
    expect(table('rate')).to.deep.equal([
      'TCP  10.0.0.1:80                         1 99999999  100000K        0    5000M',
      '  -> 10.0.0.2:80                         1 99999999 100000000        0    5000M',
    ]);
  });
  it('prints thresholds and persistent connections', () => {
    expect(table('thresholds')[1]).to.equal(
      '  -> 10.0.0.2:80                  7          0          0          0         ',
    );
    expect(table('persistent-conn')[1]).to.equal(
      '  -> 10.0.0.2:80                  1         9           0          0         ',
    );
  });
  it('cuts long names, of IPv4 only', () => {
    const names = {
      ...trial().names(),
      hostByAddress: () => 'a-name-that-is-far-too-long-for-any-column.example.test',
    };
    const entries = [
      { service: service(), destinations: [destination()] },
      { service: service({ family: 'ipv6', address: 'fd00::1' }), destinations: [] },
    ];
    expect(
      tableOf(entries, { layout: 'plain', exact: false, names: () => names })
        .split('\n')
        .slice(2, 5),
    ).to.deep.equal([
      'TCP  a-name-that-is-far-too-long- wlc',
      '  -> a-name-that-is-far-too-long- Route   1      0          0         ',
      'TCP  [a-name-that-is-far-too-long-for-any-column.example.test]:h wlc',
    ]);
  });
  it('prints marks of 2^31 and above as they are', () => {
    const marked = service({ fwmark: 4_294_967_295, protocol: undefined });
    expect(
      tableOf([{ service: marked, destinations: [] }], { layout: 'plain', exact: false, names: undefined }),
    ).to.contain('FWM  4294967295 wlc\n');
    expect(rulesOf([{ service: marked, destinations: [] }], undefined)).to.equal('-A -f 4294967295 -s wlc\n');
  });
  it('knows every forwarding method', () => {
    const methods = ['masq', 'local', 'tunnel', 'route', 'bypass'] as const;
    const entry = {
      service: service(),
      destinations: methods.map((forwarding) => destination({ forwarding })),
    };
    const lines = tableOf([entry], { layout: 'plain', exact: false, names: undefined })
      .split('\n')
      .slice(3, 8);
    expect(lines.map((line) => line.slice(34, 41))).to.deep.equal([
      'Masq   ',
      'Local  ',
      'Tunnel ',
      'Route  ',
      '(null) ',
    ]);
  });
});

describe('order', () => {
  const address = (text: string): ReturnType<typeof destination> => destination({ address: text });

  it('wraps differences of addresses', () => {
    const sorted = sortDestinations([address('10.0.0.1'), address('192.168.0.1'), address('10.0.0.2')]);
    expect(sorted.map((item) => item.address)).to.deep.equal(['192.168.0.1', '10.0.0.1', '10.0.0.2']);
  });
  it('puts marks last by their signed difference, then family, protocol, address, port', () => {
    const services = [
      service({ fwmark: 7, protocol: undefined }),
      service({ fwmark: 4_294_967_295, protocol: undefined }),
      service({ family: 'ipv6', address: 'fd00::1' }),
      service({ protocol: 'udp' }),
      service({ port: 443 }),
      service(),
    ];
    expect(sortServices(services, (item) => item).map((item) => services.indexOf(item))).to.deep.equal([
      1, 5, 4, 3, 2, 0,
    ]);
  });
  it('merges halves of n/2 and the rest, left first', () => {
    const compared: string[] = [];
    mergeSort(['a', 'b', 'c'], (left, right) => {
      compared.push(left + right);
      return 0;
    });
    expect(compared).to.deep.equal(['bc', 'ab']);
  });
});

describe('rules', () => {
  function linesOf(pieces: Iterable<string>, seen: string[] = []): string[] {
    readRules(pieces, {
      plain: (_, at) => at,
      line: (line) => seen.push(line) > 0,
      atHand: () => undefined,
    });
    return seen;
  }
  const split = (...pieces: string[]): string[][] =>
    linesOf(pieces)
      .map(lineWords)
      .filter((words) => words.length > 0);

  it('are split into words and lines', () => {
    expect(split('ipvsadm -A  -f\t1\r\n\n # x\n-C')).to.deep.equal([['-A', '-f', '1'], ['#', 'x'], ['-C']]);
  });
  it('may come in any pieces', () => {
    const lines = [['-A', '-f', '1'], ['-C'], ['-Z']];
    expect(split('-A -f 1\n', '-C\n-Z\n')).to.deep.equal(lines);
    expect(split(...Array.from('-A -f 1\n-C\n\n-Z'))).to.deep.equal(lines);
    expect(split('-A -', '', 'f 1\n-C\n-Z\n', '  ')).to.deep.equal(lines);
  });
  it('are available as soon as their line is complete', () => {
    const seen: string[] = [];
    function* pieces(): Generator<string> {
      yield '-A -f 1\n-A';
      seen.push('asked for more');
      yield ' -f 2\n';
    }
    linesOf(pieces(), seen);
    expect(seen).to.deep.equal(['-A -f 1', 'asked for more', '-A -f 2', '']);
  });
  it('lose an unfinished last line that ends with blanks', () => {
    expect(split('-A\n-C ')).to.deep.equal([['-A'], ['-C']]);
    expect(split('-A\n-C  ')).to.deep.equal([['-A']]);
    expect(split('-A\n-C ', ' ')).to.deep.equal([['-A']]);
  });
  it('have no words that are too long', () => {
    expect(split('x'.repeat(4096))).to.have.length(1);
    expect(() => split('x'.repeat(4097))).to.throw('word too long');
  });
  it('have no NUL bytes', () => {
    for (const text of ['\0', '-A -t 10.0.0.1:80\0', '-A\0 -t', ' \0 '])
      expect(() => split(text), JSON.stringify(text)).to.throw('NUL byte in the rules');
  });
  it('save an engine without persistence, and every tunnel type', () => {
    const entry = {
      service: service({ persistence: { timeout: 0, netmask: '255.0.0.0', engine: 'sip' } }),
      destinations: [
        destination({ forwarding: 'tunnel', tunnel: { type: 'ipip', port: 0, checksum: 'none' } }),
        destination({ forwarding: 'tunnel', tunnel: { type: 'gue', port: 5, checksum: 'remcsum' } }),
        destination({ forwarding: 'local', weight: 0 }),
      ],
    };
    expect(rulesOf([entry], undefined).split('\n')).to.deep.equal([
      '-A -t 10.0.0.1:80 -s wlc --pe sip',
      '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -i -w 1 --tun-type ipip',
      '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -i -w 1 --tun-type gue --tun-port 5 --tun-remcsum',
      '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 0',
      '',
    ]);
  });
});

describe('other listings', () => {
  it('shows daemons, the master first', () => {
    const daemon = { interface: 'eth0', syncId: 3, maxLength: 0, group: undefined, port: 0, ttl: 0 };
    expect(
      daemonsText([
        { ...daemon, state: 'backup' },
        { ...daemon, state: 'master', maxLength: 1472, group: '224.0.0.81', port: 8848, ttl: 1 },
      ]),
    ).to.equal(
      'master sync daemon (mcast=eth0, syncid=3, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n' +
        'backup sync daemon (mcast=eth0, syncid=3)\n',
    );
  });
  it('shows connections', () => {
    const file = 'title\nTCP 7F000001 9C40 7F000001 0050 0A000002 1F90 ESTABLISHED     899\n';
    expect(connectionsText(file, false, undefined)).to.equal(
      'IPVS connection entries\n' +
        'pro expire state       source             virtual            destination\n' +
        'TCP 14:59  ESTABLISHED 127.0.0.1:40000    127.0.0.1:80       10.0.0.2:8080\n',
    );
  });
});
