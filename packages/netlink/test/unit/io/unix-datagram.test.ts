import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { NetlinkError, sendUnixDatagram } from '@ipvs-ts/netlink';
import { DatagramReceiver } from './datagram-receiver.js';

describe('sendUnixDatagram', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-datagram-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const address of [join(folder, 'notify'), `@ipvs-ts-test-${process.pid}`])
    it(`sends to ${address.startsWith('@') ? 'an abstract socket' : 'a path'}, also one that was replaced`, () => {
      for (const text of ['READY=1', 'STATUS=ä → ö']) {
        const receiver = new DatagramReceiver(address);
        sendUnixDatagram(address, Buffer.from(text));
        expect(receiver.read()).to.deep.equal([text]);
        receiver.close();
        if (!address.startsWith('@')) rmSync(address);
      }
    });

  it('says why nothing can be sent, and never waits', () => {
    const missing = join(folder, 'missing');
    expect(() => sendUnixDatagram(missing, Buffer.from('x')))
      .to.throw(NetlinkError, `connect to ${missing}: ENOENT`)
      .with.property('code', 'ERR_NETLINK_SYSCALL');
    const full = join(folder, 'full');
    const receiver = new DatagramReceiver(full);
    expect(() => {
      for (let count = 0; count < 100_000; count++) sendUnixDatagram(full, Buffer.from('x'));
    }).to.throw(NetlinkError, 'EAGAIN');
    receiver.close();
  });

  it('refuses an invalid address', () => {
    for (const address of ['', 'relative', '@', '/a\0b', `/${'x'.repeat(107)}`, 'vsock:2:1234'])
      expect(() => sendUnixDatagram(address, Buffer.from('x')), address).to.throw(RangeError);
  });
});
