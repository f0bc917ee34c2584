import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { platform } from 'node:os';
import { expect } from 'chai';
import {
  NetlinkClient,
  NetlinkClientSync,
  NetlinkError,
  openNameService,
  request,
  type TraceEvent,
} from '@ipvs-ts/netlink';
import { CONTROLLER } from '@ipvs-ts/netlink/testing';
import { DUMPFAMILIES, GETFAMILY, readFamily } from '../../../dist/protocol/controller.js';

const controller = () => request(CONTROLLER, GETFAMILY, { name: 'nlctrl' }, (reader) => reader.decode());
const missing = () => request(CONTROLLER, GETFAMILY, { name: 'no-such-family' }, readFamily);
const families = () => request(CONTROLLER, DUMPFAMILIES, {}, readFamily);

// Every kernel has the controller, which requires no privilege: this tests the socket itself.
describe('the controller of this kernel', () => {
  before(function () {
    if (platform() !== 'linux') this.skip();
  });

  it('describes itself', () => {
    using client = NetlinkClientSync.open();
    const found = client.do(controller());
    expect(found).to.include({ id: 16, name: 'nlctrl' });
    expect(found.operations?.some(({ id }) => id === GETFAMILY.command)).to.equal(true);
    expect(found.multicastGroups?.[0]?.name).to.equal('notify');
  });

  it('lists the families, itself among them, the same on both faces', async () => {
    using client = NetlinkClientSync.open();
    await using other = NetlinkClient.open();
    const found = client.dump(families());
    expect(found.find(({ name }) => name === 'nlctrl')?.id).to.equal(16);
    expect(await other.dump(families())).to.deep.equal(found);
  });

  it('answers thousands of questions of a batch, failures among them', async () => {
    const questions = Array.from({ length: 5000 }, (_, index) =>
      index % 3 === 0 ? missing() : controller(),
    );
    using client = NetlinkClientSync.open();
    await using other = NetlinkClient.open();
    for (const outcomes of [client.batch(questions), await other.batch(questions)]) {
      expect(outcomes.length).to.equal(5000);
      outcomes.forEach((outcome, index) => {
        if (index % 3 === 0) expect(!outcome.ok && outcome.error.errnoName).to.equal('ENOENT');
        else expect(outcome.ok && (outcome.value as { id?: number }).id).to.equal(16);
      });
    }
  });

  it('loses answers that are not read, and the client notices', () => {
    using client = NetlinkClientSync.open({ receiveBuffer: 0 });
    // The kernel's smallest buffer holds a few answers; the capacity is computed from it, so nothing is lost.
    const outcomes = client.batch(Array.from({ length: 500 }, missing));
    expect(outcomes.every((outcome) => !outcome.ok && outcome.error.errnoName === 'ENOENT')).to.equal(true);
  });

  it('answers overlapping calls to their callers', async () => {
    await using client = NetlinkClient.open();
    const results = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        if (index % 3 === 0) return client.dump(families());
        return index % 3 === 1
          ? client.do(controller())
          : client.do(missing()).catch((error: unknown) => error);
      }),
    );
    results.forEach((result, index) => {
      if (index % 3 === 0) expect(result).to.be.an('array').that.is.not.empty;
      else if (index % 3 === 1) expect(result).to.include({ name: 'nlctrl' });
      else expect(NetlinkError.is(result, 'ERR_NETLINK_KERNEL')).to.equal(true);
    });
  });

  it("is shown by the trace with the kernel's message", () => {
    const lines: string[] = [];
    const listen = (event: unknown): void => {
      lines.push(...(event as TraceEvent).describe());
    };
    subscribe('ipvs-ts:netlink:request', listen);
    subscribe('ipvs-ts:netlink:reply', listen);
    try {
      using client = NetlinkClientSync.open();
      client.family('nlctrl');
      expect(() => client.family('no-such-family')).to.throw(NetlinkError);
    } finally {
      unsubscribe('ipvs-ts:netlink:request', listen);
      unsubscribe('ipvs-ts:netlink:reply', listen);
    }
    const first = Number(/seq=(\d+)/.exec(lines[0] ?? '')?.[1]);
    const unnumbered = lines.map((line) =>
      line.replace(`seq=${first} `, 'seq=FIRST ').replace(`seq=${first + 1} `, 'seq=NEXT '),
    );
    expect(unnumbered[0]).to.equal('nlctrl GETFAMILY seq=FIRST flags=0x1 FAMILY_NAME="nlctrl"');
    expect(unnumbered[1]).to.match(
      /^nlctrl GETFAMILY seq=FIRST flags=0x0 FAMILY_ID=16 FAMILY_NAME="nlctrl" VERSION=2 .*OPS=\[\{ID=3 FLAGS=/,
    );
    expect(unnumbered[3]).to.match(/^ERROR seq=NEXT flags=0x100 ENOENT$/);
  });
});

describe('the name service of this machine', () => {
  before(function () {
    if (platform() !== 'linux') this.skip();
  });

  it('finds names and numbers both ways', () => {
    const names = openNameService();
    expect(names.hostByName('localhost')).to.equal('127.0.0.1');
    expect(names.hostByAddress(Uint8Array.of(127, 0, 0, 1))).to.equal('localhost');
    expect(names.hostByName('10.1.2.3')).to.equal('10.1.2.3');
    expect(names.serviceByName('http', 'tcp')).to.equal(80);
    expect(names.serviceByPort(443, 'tcp')).to.equal('https');
    expect(names.serviceByName('no-such-service', 'tcp')).to.equal(undefined);
    expect(names.serviceByPort(1, 'no-such-protocol')).to.equal(undefined);
  });
});
