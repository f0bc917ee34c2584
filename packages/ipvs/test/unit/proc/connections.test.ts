import { expect } from 'chai';
import { connectionQuery, parseConnection } from '../../../dist/proc/connections.js';

const TITLE = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData';
const TCP = 'TCP C0A83801 D2F4 C0A83880 0050 C0A80086 0050 ESTABLISHED     893';
const MIXED =
  'TCP 2001:0db8:0000:0000:0000:0000:0000:0001 D2F4 2001:0db8:0000:0000:0000:0000:0000:0010 0050 0A630001 0050 SYN_RECV         58';
const SIP = 'UDP 0A630001 0000 0A630002 13C4 0A630003 13C4 UDP             297 sip 12345@host';
const SYNC = 'TCP C0A83801 D2F4 C0A83880 0050 C0A80086 0050 ESTABLISHED SYNC       893';

describe('lines of the connection table', () => {
  it('are read', () => {
    expect(parseConnection(TCP, false)).to.deep.equal({
      protocol: 'tcp',
      client: { address: '192.168.56.1', port: 54004 },
      virtual: { address: '192.168.56.128', port: 80 },
      destination: { address: '192.168.0.134', port: 80 },
      state: 'ESTABLISHED',
      expires: 893,
      template: false,
    });
  });

  it('may mix address families', () => {
    const connection = parseConnection(MIXED, false);
    expect(connection?.client).to.deep.equal({ address: '2001:db8::1', port: 54004 });
    expect(connection?.virtual).to.deep.equal({ address: '2001:db8::10', port: 80 });
    expect(connection?.destination).to.deep.equal({ address: '10.99.0.1', port: 80 });
  });

  it('carry the data of a persistence engine', () => {
    expect(parseConnection(SIP, false)).to.deep.include({
      template: true,
      engine: 'sip',
      engineData: '12345@host',
    });
  });

  it('carry their origin', () => {
    expect(parseConnection(SYNC, true)).to.deep.include({
      origin: 'sync',
      expires: 893,
      state: 'ESTABLISHED',
    });
    expect(parseConnection(SYNC.replace('SYNC ', 'LOCAL'), true)).to.deep.include({ origin: 'local' });
  });

  it('are skipped if they hold no connection', () => {
    for (const line of ['', TITLE]) expect(parseConnection(line, false), line).to.equal(undefined);
  });

  it('are chosen by service, destination, client and state', () => {
    const chosen = (filter: Parameters<typeof connectionQuery>[0]): boolean =>
      connectionQuery(filter).read(TCP) !== undefined;
    expect(chosen({})).to.equal(true);
    expect(
      chosen({
        service: 'tcp:192.168.56.128:80',
        destination: '192.168.0.134:80',
        client: '192.168.56.1',
        state: 'ESTABLISHED',
      }),
    ).to.equal(true);
    for (const filter of [
      { service: 'udp:192.168.56.128:80' },
      { service: 'tcp:192.168.56.128:81' },
      { service: 'fwmark:1' },
      { destination: '192.168.0.135:80' },
      { client: '192.168.56.2' },
      { state: 'FIN_WAIT' },
    ]) {
      expect(chosen(filter), JSON.stringify(filter)).to.equal(false);
    }
    expect(() => connectionQuery({ clientt: '1' } as never)).to.throw(TypeError, /filter.clientt/);
    expect(() => connectionQuery({ client: 'x' })).to.throw(RangeError, /filter.client.address/);
  });
});
