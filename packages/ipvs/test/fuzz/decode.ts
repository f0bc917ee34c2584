import { Conversation } from '../../../netlink/dist/protocol/conversation.js';
import { describeMessages } from '../../../netlink/dist/protocol/describe.js';
import { FAMILY, Messages } from '@ipvs-ts/netlink/testing';
import { NetlinkError, type ReaderOf } from '@ipvs-ts/netlink';
import { OPERATION_LIST } from '@ipvs-ts/ipvs';
import { readDestination } from '../../dist/model/destination.js';
import { readInfo } from '../../dist/model/info.js';
import { INFO, MESSAGE } from '../../dist/schema/message.js';
import { readService } from '../../dist/model/service.js';
import { readDaemon } from '../../dist/model/sync-daemon.js';
import { readTimeouts } from '../../dist/model/timeouts.js';

type Message = ReaderOf<(typeof MESSAGE)['attributes']>;

/** Every reader of the kernel's bytes. */
const READERS: readonly ((message: Message, view: DataView, start: number, end: number) => unknown)[] = [
  (message) => readService(message.need('service')),
  (message) => readDestination(message.need('destination'), 'ipv4'),
  (message) => readDestination(message.need('destination'), 'ipv6'),
  (message) => readDaemon(message.need('daemon')),
  (message) => readTimeouts(message),
  (message) => message.decode(),
  (message) => message.service?.unknown(),
  (_, view, start, end) => readInfo(INFO.reader().load(view, start, end)),
  (_, view, start, end) => FAMILY.reader().load(view, start, end).decode(),
];

const message = MESSAGE.reader();

/** How many readers took the datagram and how many refused it; anything but a refusal as malformed is thrown. */
export function decodeAll(datagram: Uint8Array): { read: number; refused: number } {
  const count = { read: 0, refused: 0 };
  const attempt = (work: () => unknown): void => {
    try {
      work();
      count.read += 1;
    } catch (error) {
      if (!NetlinkError.is(error, 'ERR_NETLINK_MALFORMED')) throw error;
      count.refused += 1;
    }
  };
  for (const expectation of ['ack', 'reply', 'dump'] as const) {
    attempt(() => {
      new Conversation(1, [expectation], () => undefined).receive(datagram);
    });
  }
  attempt(() => {
    for (const each = new Messages(datagram); each.next();) {
      const { view, end } = each;
      const start = Math.min(each.start + 4, end);
      for (const read of READERS) attempt(() => read(message.load(view, start, end), view, start, end));
    }
  });
  describeMessages(datagram, () => ({ name: 'IPVS', operations: OPERATION_LIST }));
  return count;
}
