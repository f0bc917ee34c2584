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
    'A service. Family, protocol, address and port, or family and firewall mark, name it; the rest counts in NEW_SERVICE and SET_SERVICE only.',
  ],
  [DESTINATION, 'IPVS_DEST_ATTR_', 'A destination. Family, address and port name it.'],
  [
    SERVICE.attributes.stats.kind.set,
    'IPVS_STATS_ATTR_',
    'Totals and rates, cut to 32 bits but for the bytes.',
  ],
  [SERVICE.attributes.stats64.kind.set, 'IPVS_STATS_ATTR_', 'The same, whole.'],
  [MESSAGE.attributes.daemon.kind.set, 'IPVS_DAEMON_ATTR_', 'A sync daemon.'],
  [
    OPERATIONS.getInfo.reply?.attributes as AttributeSet<Shape>,
    'IPVS_INFO_ATTR_',
    'The reply to GET_INFO, whose numbers mean something else at the top level.',
  ],
];

/** docs/protocol.md */
export function protocolPage(): string {
  return [
    '# The protocol',
    '',
    `IPVS is spoken to over generic netlink, in the family \`${FAMILY_NAME}\`. A message is a netlink header of 16 bytes, a generic header of 4 (command, version), and attributes: length, number, payload, padded to 4 bytes. Numbers are in the byte order of the machine, but for ports, which are in network order (\`be16\`). This page is made from the tables that encode and decode (\`packages/ipvs/src/schema/\`), which follow \`linux/ip_vs.h\`.`,
    '',
    '## Commands',
    '',
    'A reply carries the command of the operation that would set what it tells. A `do` is one request and one answer; a `dump` is answered by any number of messages and an end.',
    '',
    table(['number', 'name', 'mode', 'reply', 'what it does'], OPERATION_LIST.map(operationRow)),
    '## A request, byte by byte',
    '',
    "`ipvs-ts -A -t 192.0.2.10:80 -s rr`, or `ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' })`, on a little-endian machine:",
    '',
    '<!-- test: not run: the page is made from what the library encodes -->',
    '',
    '```text',
    exampleRequest(calls.addService('tcp:192.0.2.10:80', { scheduler: 'rr' })),
    '```',
    '',
    'The answer is an error message: 0 for success, or a negative errno; [errors](errors.md) has what each means. IPVS itself sends no words with an errno.',
    '',
    '## Attributes',
    '',
    '“Since” is the first kernel that has it, where it is not as old as the family. What a kernel does not know it passes over; what this library does not know is kept as bytes.',
    '',
    ...SETS.flatMap(([set, prefix, words]) => [
      `### \`${set.name}\`: \`${prefix}*\``,
      '',
      words,
      '',
      table(['number', 'name', 'kind', 'in the code', 'meaning', 'since'], rows(set)),
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
