import type { AnyOperation, AttributeSet, Shape } from '@ipvs-ts/netlink';
import { calls, FAMILY_NAME, OPERATION_LIST, OPERATIONS } from '@ipvs-ts/ipvs';
import { exampleRequest } from './example-request.js';
import { code, table } from './table.js';

const MESSAGE = OPERATIONS.newService.request;
const SERVICE = MESSAGE.attributes.service.kind.set;
const DESTINATION = MESSAGE.attributes.destination.kind.set;

/** The attribute sets with the prefix that the kernel's header gives their names. */
const SETS: readonly (readonly [AttributeSet<Shape>, string, string])[] = [
  [MESSAGE, 'IPVS_CMD_ATTR_', 'The top level of every message but the reply to GET_INFO.'],
  [
    SERVICE,
    'IPVS_SVC_ATTR_',
    'A service. It is identified by family, protocol, address and port, or by family and firewall mark; the rest is used in NEW_SERVICE and SET_SERVICE only.',
  ],
  [DESTINATION, 'IPVS_DEST_ATTR_', 'A destination. It is identified by family, address and port.'],
  [
    SERVICE.attributes.stats.kind.set,
    'IPVS_STATS_ATTR_',
    'Totals and rates, truncated to 32 bits except for the bytes.',
  ],
  [SERVICE.attributes.stats64.kind.set, 'IPVS_STATS_ATTR_', 'The same with 64 bits.'],
  [MESSAGE.attributes.daemon.kind.set, 'IPVS_DAEMON_ATTR_', 'A sync daemon.'],
  [
    OPERATIONS.getInfo.reply?.attributes as AttributeSet<Shape>,
    'IPVS_INFO_ATTR_',
    'The reply to GET_INFO, whose top-level attribute numbers have meanings of their own.',
  ],
];

/** docs/protocol.md */
export function protocolPage(): string {
  return [
    '# The protocol',
    '',
    `IPVS is managed over generic netlink, with the family \`${FAMILY_NAME}\`. A message is a netlink header of 16 bytes, a generic header of 4 bytes (command, version), and attributes: length, number, payload, padded to 4 bytes. Numbers are in the byte order of the machine, except ports, which are in network order (\`be16\`). This page is generated from the tables that encode and decode messages (\`packages/ipvs/src/schema/\`), which follow \`linux/ip_vs.h\`.`,
    '',
    '## Commands',
    '',
    'A reply has the command number of the operation that sets what it reports. A `do` is one request with one answer; a `dump` is answered by any number of messages and an end message.',
    '',
    table(['number', 'name', 'mode', 'reply', 'what it does'], OPERATION_LIST.map(operationRow)),
    '## A request, byte by byte',
    '',
    "`ipvs-ts -A -t 192.0.2.10:80 -s rr`, or `ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' })`, on a little-endian machine:",
    '',
    '<!-- test: not run: the page is generated from what the library encodes -->',
    '',
    '```text',
    exampleRequest(calls.addService('tcp:192.0.2.10:80', { scheduler: 'rr' })),
    '```',
    '',
    'The answer is an error message: 0 for success, or a negative errno; [errors](errors.md) lists their meanings. IPVS sends no text with an errno.',
    '',
    '## Attributes',
    '',
    '“Since” is the first kernel version with the attribute, if it is newer than the family. A kernel ignores attributes that it does not know; this library keeps attributes that it does not know as bytes.',
    '',
    ...SETS.flatMap(([set, prefix, words]) => [
      `### \`${set.name}\`: \`${prefix}*\``,
      '',
      words,
      '',
      table(['number', 'name', 'type', 'in the code', 'meaning', 'since'], rows(set)),
    ]),
  ].join('\n');
}

function operationRow({ command, name, mode, reply, doc }: AnyOperation): string[] {
  return [String(command), code(name), mode, reply === undefined ? 'none' : `command ${reply.command}`, doc];
}

function rows(set: AttributeSet<Shape>): string[][] {
  return Object.entries(set.attributes)
    .sort(([, one], [, other]) => one.number - other.number)
    .map(([name, { number, uapi, kind, doc, since }]) => [
      String(number),
      code(uapi),
      code((kind as { name: string }).name),
      code(name),
      doc,
      since ?? '',
    ]);
}
