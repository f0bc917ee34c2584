import { type AttributeSet, type Operation, type Shape, Writer } from '@ipvs-ts/netlink';
import { writeRequest } from '@ipvs-ts/netlink/bulk';
import { align4, attributes } from '@ipvs-ts/netlink/testing';
import type { Call } from '@ipvs-ts/ipvs';

/** A family number such as the kernel gives out; it is looked up anew by each client. */
const FAMILY = { name: 'IPVS', id: 0x25, version: 1 };
const ACK = 4;

/**
 * The request of a call, byte for byte, each line with the meaning of its bytes. Bytes as on a little-endian machine.
 */
export function exampleRequest(call: Call): string {
  const writer = new Writer();
  writeRequest(writer, FAMILY, call.operation as Operation<Shape, Shape>, call.values, {
    seq: 1,
    flags: ACK,
  });
  const bytes = writer.written();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const hex = (start: number, end: number): string =>
    [...bytes.subarray(start, end)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const lines: [string, string][] = [
    [hex(0, 4), `length: ${bytes.length}`],
    [hex(4, 6), `type: the number of the family ${FAMILY.name}, looked up before`],
    [hex(6, 8), 'flags: REQUEST, ACK'],
    [hex(8, 12), 'sequence number'],
    [hex(12, 16), 'port id: 0, the kernel fills it in'],
    [
      hex(16, 20),
      `command ${call.operation.command} (${call.operation.name}), version ${FAMILY.version}, 2 reserved`,
    ],
  ];
  const walk = (set: AttributeSet<Shape>, start: number, end: number, depth: number): void => {
    for (const { type, start: from, end: to } of attributes(view, start, end)) {
      const definition = Object.values(set.attributes).find(({ number }) => number === type);
      const indent = '  '.repeat(depth);
      lines.push([
        indent + hex(from - 4, from),
        `${indent}${definition?.uapi ?? ''}: length ${to - from + 4}, number ${type}`,
      ]);
      const kind = definition?.kind as { name: string; set?: AttributeSet<Shape> } | undefined;
      if (kind?.set !== undefined) walk(kind.set, from, to, depth + 1);
      else
        lines.push([
          indent + hex(from, from + align4(to - from)),
          `${indent}${kind?.name ?? ''}${to === from + align4(to - from) ? '' : `, ${align4(to - from) - (to - from)} of padding`}`,
        ]);
    }
  };
  walk(call.operation.request as AttributeSet<Shape>, 20, bytes.length, 0);
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `${left.padEnd(width)}  ${right}`).join('\n');
}
