import { expect } from 'chai';
import { type Service, type TableEntry, toJson } from '@ipvs-ts/ipvs';

const HUGE = 2n ** 64n - 1n;
const counts = <N>(value: N) => ({
  connections: value,
  inPackets: value,
  outPackets: value,
  inBytes: value,
  outBytes: value,
});

const service: Service = {
  protocol: 'tcp',
  address: '192.0.2.10',
  port: 80,
  key: 'tcp:192.0.2.10:80',
  family: 'ipv4',
  scheduler: 'r"r\\',
  flags: [],
  onePacket: false,
  persistence: undefined,
  rawFlags: 2,
  stats: counts(HUGE),
  rates: counts(3),
  unknown: [{ type: 99, bytes: Uint8Array.of(1, 255) }],
};

const destination = (last: number): TableEntry['destinations'][number] => ({
  address: `10.0.0.${last}`,
  port: 80,
  key: `10.0.0.${last}:80`,
  family: 'ipv4',
  forwarding: 'masq',
  weight: last,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: undefined,
  activeConnections: 10 * last,
  inactiveConnections: 0,
  persistentConnections: 0,
  stats: counts(0n),
  rates: counts(0),
});

const table: TableEntry[] = [{ service, destinations: [destination(1), destination(2)] }];

describe('toJson', () => {
  it('keeps every digit of totals, and can be passed to JSON.stringify', () => {
    const parsed = JSON.parse(JSON.stringify(toJson(table))) as {
      service: { stats: { inBytes: string }; unknown: unknown };
    }[];
    expect(parsed[0]?.service.stats.inBytes).to.equal('18446744073709551615');
    expect(parsed[0]?.service.unknown).to.deep.equal([{ type: 99, bytes: '01ff' }]);
    expect(toJson(service).rates).to.deep.equal(counts(3));
  });
});
