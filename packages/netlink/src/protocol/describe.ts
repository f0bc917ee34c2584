import { align4 } from '../wire/align.js';
import { HEADER_BYTES, NLMSG } from '../wire/constants.js';
import { errnoName } from '../errno.js';
import { NetlinkError } from '../errors.js';
import { readDone, readError, type Verdict } from './extended-ack.js';
import type { AnyOperation } from './generic.js';
import { Messages } from '../wire/message.js';
import type { AttributeSet, Shape } from '../schema/definition.js';

/** What is known about the family of a message type. */
export interface Names {
  readonly name: string | undefined;
  readonly operations: readonly AnyOperation[];
  /** Whether the family is not a generic one: the message type is the command. */
  readonly raw?: boolean;
}

/** Describes the messages of a datagram, one line each. For bytes that cannot be read, a line says why. */
export function describeMessages(datagram: Uint8Array, names: (type: number) => Names): string[] {
  const lines: string[] = [];
  try {
    for (const message = new Messages(datagram); message.next();)
      lines.push(describe(message, names(message.type)));
  } catch (error) {
    if (!NetlinkError.is(error)) throw error;
    lines.push(error.message);
  }
  return lines;
}

function describe(message: Messages, names: Names): string {
  const { type, flags, seq, start, end } = message;
  const tail = ` seq=${seq} flags=0x${flags.toString(16)}`;
  if (type === NLMSG.ERROR) return `ERROR${tail} ${verdict(readError(message))}`;
  if (type === NLMSG.DONE) return `DONE${tail} ${verdict(readDone(message))}`;
  const family = names.name ?? `type ${type}`;
  const header = names.raw === true ? names.operations[0]?.header : undefined;
  const body = start + (names.raw === true ? align4(header?.minimum ?? 0) : HEADER_BYTES.GENERIC);
  if (names.name === undefined || body > end) return `${family}${tail} ${end - start} bytes`;
  const command = names.raw === true ? type : message.view.getUint8(start);
  const asked = names.operations.find((operation) => operation.command === command);
  const answered = names.operations.find(
    (operation) => operation.reply?.command === command && message.port !== 0,
  );
  const set: AttributeSet<Shape> | undefined = answered?.reply?.attributes ?? asked?.request;
  const name = asked?.name ?? answered?.name ?? `command ${command}`;
  const fixed =
    header === undefined ? '' : ` ${word(undefined, header.read(message.view, start, body - start))}`;
  return `${family} ${name}${tail}${fixed}${set === undefined ? '' : ` ${words(set, set.reader().load(message.view, body, end).decode())}`}`;
}

function verdict({ errno, extack }: Verdict): string {
  const said = extack?.message === undefined ? '' : ` "${extack.message}"`;
  return errno === 0 ? `ok${said}` : `${errnoName(errno)}${said}`;
}

function words(set: AttributeSet<Shape>, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${set.attributes[key]?.uapi ?? key}=${word(set.attributes[key]?.kind, value)}`)
    .join(' ');
}

function word(kind: unknown, value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return `[${value.map((item: unknown) => word(kind, item)).join(', ')}]`;
  if (typeof kind === 'object' && kind !== null && 'set' in kind) {
    return `{${words(kind.set as AttributeSet<Shape>, value as Record<string, unknown>)}}`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, field]) => `${name}=${field}`)
      .join(' ')}}`;
  }
  return String(value);
}
