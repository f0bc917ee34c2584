/** `status`: the state of the agent. */
import { clippedWords } from '../framework/visible.js';
import type { Status } from '@ipvs-ts/agent';
import { IpvsError, nearest, parseServiceKey, serviceKeyText } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import type { SubcommandIo } from '../framework/io.js';
import { AgentRefusal, NoAgentError } from '../agent-client/agent-client.js';
import { agentClient, SOCKET_OPTION, withInstallHint } from '../agent-client/agent-socket.js';
import { asked, jsonText } from '../agent-client/command-json.js';
import { fitted } from '../agent-client/rows.js';
import { statusText } from './status-text.js';
import { readTable, tableText } from './table-view.js';

/** The record of `status`. */
export const STATUS: Subcommand = {
  name: 'status',
  operands: ['[SERVICE]'],
  names: 'agent',
  summary: 'show the state of the agent: fitness, the document, and every destination',
  description: [
    'A director is fit if a valid document is in force, and every service has a destination in service or is declared to refuse clients. The exit status says so, even with SERVICE.',
    'States of destinations: up; down; unknown (not checked yet); draining (it was removed from the document); maintenance; manual (somebody set its weight to 0); kept (down, but a guard keeps it in service).',
    'With SERVICE, its destinations are shown with their checks. Otherwise, for services with more than 20 destinations, those that are up are only counted.',
    'If no agent answers, the table of the kernel is shown instead.',
  ],
  options: {
    json: { help: 'print JSON; its schema is in the package @ipvs-ts/agent, status.schema.json' },
    socket: SOCKET_OPTION,
  },
  statuses: {
    0: 'fit',
    1: 'cannot tell: no agent answers, or it has no such SERVICE',
    2: 'not fit',
  },
  failure: 1,
  async run(args, io) {
    const [operand] = args.operands;
    const service = operand === undefined ? undefined : serviceKeyText(parseServiceKey(operand, 'SERVICE'));
    const client = agentClient(args, io);
    return asked(args, io, async () => {
      try {
        const status = await client.ask<Status>('GET', '/status');
        const { unfit } = await client.ask<{ readonly unfit: readonly string[] }>('GET', '/ready');
        await show(chosen(status, service), unfit, service !== undefined, args, io);
        return status.fit ? 0 : 2;
      } catch (error) {
        if (!(error instanceof NoAgentError) || io.signal.aborted) throw error;
        return showTable(await withInstallHint(error), service, args, io);
      }
    });
  },
};

/** The status with one service only. */
function chosen(status: Status, service: string | undefined): Status {
  if (service === undefined) return status;
  const services = status.services.filter((each) => each.service === service);
  if (services.length > 0) return { ...status, services };
  const names = status.services.map((each) => each.service);
  const close = nearest(service, names);
  throw new AgentRefusal(
    404,
    `the document in force has no service ${service}${close === undefined ? '' : `; did you mean ${close}?`}`,
    'ERR_AGENT_NOT_FOUND',
  );
}

async function show(
  status: Status,
  unfit: readonly string[],
  whole: boolean,
  args: Arguments,
  { stdout }: SubcommandIo,
): Promise<void> {
  await stdout.write(
    args.has('json') ? jsonText(status) : statusText({ status, unfit, whole, now: Date.now() }, stdout),
  );
}

/** Prints the table if no agent answers. */
async function showTable(
  error: NoAgentError,
  service: string | undefined,
  args: Arguments,
  { stdout, stderr, programName, ...io }: SubcommandIo,
): Promise<number> {
  const { table, problem } = await tableOf(service, io);
  const { code, message } = error;
  if (args.has('json'))
    await stdout.write(
      jsonText({
        version: 1,
        error: { code, message },
        table: table ?? null,
        ...(problem !== undefined && { tableError: problem }),
      }),
    );
  else if (table !== undefined) await stdout.write(tableText(table, stdout));
  const shown = problem ?? 'this is the table of the kernel';
  for (const line of clippedWords(`${programName} status: ${message}\n${shown}`).split('\n'))
    await stderr.write(`${fitted(line, stderr).join('\n')}\n`);
  return 1;
}

async function tableOf(
  service: string | undefined,
  io: Pick<SubcommandIo, 'open'>,
): Promise<{
  readonly table?: Awaited<ReturnType<typeof readTable>>;
  readonly problem?: string;
}> {
  try {
    await using ipvs = await io.open();
    const all = await readTable(ipvs);
    const table = service === undefined ? all : all.filter((each) => each.service === service);
    return service !== undefined && table.length === 0
      ? { table, problem: `the table has no service ${service} either` }
      : { table };
  } catch (error) {
    if (!IpvsError.is(error)) throw error;
    return { problem: `the table cannot be read either: ${error.message}` };
  }
}
