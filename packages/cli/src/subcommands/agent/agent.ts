/** `agent`: keeps the table as a document declares it. */
import type { Status } from '@ipvs-ts/agent';
import { documentProblemText } from '@ipvs-ts/ipvs';
import { loadAgent } from '../framework/agent-package.js';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import type { SubcommandIo } from '../framework/io.js';
import { UsageError } from '../framework/usage-error.js';
import { visible } from '../framework/visible.js';
import { agentClient, SOCKET_OPTION } from '../agent-client/agent-socket.js';
import { check } from './check.js';
import { asked, askedAction, jsonText } from '../agent-client/command-json.js';
import { start } from './start.js';

type DocumentStatus = Status['document'];

/** Options that requests to a running agent do not accept. */
const FOR_START = { actions: [] };

/** The record of `agent`. */
export const AGENT: Subcommand = {
  name: 'agent',
  operands: ['[reload|accept]', '[REVISION]'],
  actions: {
    reload: askedAction((args, io) => report('/reload', {}, args, io)),
    accept: askedAction(
      (args, io) => report('/accept', { revision: args.operands[1] }, args, io),
      ['REVISION'],
    ),
  },
  summary: 'keep the table as a document declares it, with health checks',
  description: [
    'It runs in the foreground until a signal ends it. It then leaves the table as it is, and a restart changes nothing. Events are written to standard error: as text on a terminal, otherwise as JSON lines.',
    'The document is read again when its file changes, at SIGHUP and by “agent reload”. A document with mistakes changes nothing. One that removes a large part is pending until “agent accept REVISION”; status shows it.',
    'Only one agent can manage the table of a network namespace, and agents cannot share a runtime or state directory: a second one refuses to start. With --observe, it only checks and reports, even beside another program. Beside another agent it needs its own runtime directory or socket.',
    'With --check, FILE is read and compared with the table. The command prints its mistakes, or the changes that would be made at once, before any check has run.',
  ],
  options: {
    file: {
      ...FOR_START,
      short: 'f',
      value: 'FILE',
      help: 'the document; /etc/ipvs-ts/director.yaml by default',
    },
    'runtime-dir': {
      value: 'DIR',
      help: 'for state that lasts as long as the table, such as the ledger, verdicts and the socket; /run/ipvs-ts by default',
    },
    'state-dir': {
      ...FOR_START,
      value: 'DIR',
      help: 'for state that survives a reboot, such as maintenance; /var/lib/ipvs-ts by default',
    },
    socket: {
      ...SOCKET_OPTION,
      help: 'the socket for requests; agent.sock in the runtime directory by default',
    },
    netns: {
      ...FOR_START,
      value: 'PATH',
      help: "manage the table of this network namespace, such as /run/netns/blue; checks run in the agent's own",
    },
    observe: { ...FOR_START, help: 'check and report, and change nothing' },
    check: { ...FOR_START, help: 'print the mistakes in FILE, or the changes that would be made, and exit' },
    json: { help: 'with --check, reload and accept: print JSON' },
  },
  statuses: {
    0: 'ended by SIGTERM or SIGINT; with --check: nothing would be changed; reload, accept: the document is in force',
    1: 'error: it could not start, or FILE has mistakes',
    2: 'with --check: there would be changes; reload: the document is pending',
  },
  failure: 1,
  hint([first = '-']) {
    if (first === 'accept') return '“ipvs-ts status” shows the pending revision.';
    return first.startsWith('-') || first === 'reload' ? undefined : 'The document is named with --file.';
  },
  run,
};

async function run(args: Arguments, io: SubcommandIo): Promise<number> {
  const agent = await loadAgent();
  if (args.has('check') && args.has('observe'))
    throw new UsageError('--check and --observe: only one of them');
  if (args.has('check')) return asked(args, io, () => check(agent, args, io));
  if (args.has('json')) throw new UsageError('--json is for --check, reload and accept');
  return start(agent, args, io);
}

/** Sends a request about the document, and prints the result. */
async function report(path: string, body: object, args: Arguments, io: SubcommandIo): Promise<number> {
  const document = await agentClient(args, io).ask<DocumentStatus>('POST', path, body);
  const { valid, problems, pending, revision } = document;
  const status = !valid ? 1 : pending === null ? 0 : 2;
  if (args.has('json')) {
    await io.stdout.write(jsonText({ version: 1, document }));
    return status;
  }
  if (!valid) {
    for (const each of problems) await io.stderr.write(`${visible(documentProblemText(each, undefined))}\n`);
    await io.stderr.write(
      `${io.programName} agent: the document has mistakes and changes nothing; ${revision === null ? 'none is in force' : `document ${revision} stays in force`}\n`,
    );
  } else if (pending === null) await io.stdout.write(`document ${revision ?? ''} is in force\n`);
  else
    await io.stdout.write(
      `document ${pending.revision} waits, since it removes ${pending.removes}; let it take effect with: ${io.programName} agent accept ${pending.revision}\n`,
    );
  return status;
}
