/** `export`: the current state as a document. */
import { type DocumentFormat, exportDocument, exportState, writeDocument } from '@ipvs-ts/ipvs';
import type { Subcommand } from '../framework/subcommand.js';
import { UsageError } from '../framework/usage-error.js';
import { SOCKET_OPTION } from '../agent-client/agent-socket.js';
import { runningAgent } from '../agent-client/ownership.js';
import { withDeclaredWeights } from './declared-weights.js';
import { cleared, progressOf } from './report.js';

/** The record of `export`. */
export const EXPORT: Subcommand = {
  name: 'export',
  operands: [],
  summary: 'print the current table as a document for apply',
  description: [
    'It has services with all settings of their destinations, including thresholds and tunnels, timeouts and sync daemons, but no counters or connections. Services that a running agent manages have the weights of its document. The same state always produces the same text. On an empty kernel, apply -f - restores everything.',
  ],
  options: {
    json: { help: 'print JSON, as -o json' },
    live: { help: "print the kernel's weights, even for services that a running agent manages" },
    socket: SOCKET_OPTION,
    output: { short: 'o', value: 'FORMAT', choices: ['yaml', 'json'], help: 'the format, yaml by default' },
  },
  statuses: { 0: 'it is printed', 1: 'it could not be read' },
  failure: 1,
  async run(args, io) {
    const format = (args.value('output') ?? (args.has('json') ? 'json' : 'yaml')) as DocumentFormat;
    if (args.has('json') && format !== 'json') throw new UsageError('--json and -o yaml exclude each other');
    await using ipvs = await io.open();
    const progress = progressOf(io);
    progress?.show('reading what is …');
    const text = await cleared(progress, exportDocument(ipvs, format));
    const status = args.has('live') ? undefined : await runningAgent(args, io);
    if (status === undefined) {
      await io.stdout.write(text);
      return 0;
    }
    const state = await exportState(ipvs, { freeze: true });
    const { state: declared, absent } = withDeclaredWeights(state, status);
    for (const each of absent)
      await io.stderr.write(
        `${io.programName} export: ${each} is in the document of the agent, and not in the table: it is not printed\n`,
      );
    await io.stdout.write(writeDocument(declared, format));
    return 0;
  },
};
