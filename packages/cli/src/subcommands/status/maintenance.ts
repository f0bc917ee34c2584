/** `maintenance`: takes a destination out of service, and brings it back. */
import { destinationKeyText, parseDestinationKey, parseServiceKey, serviceKeyText } from '@ipvs-ts/ipvs';
import type { MaintenanceStatus } from '@ipvs-ts/agent';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import { parseDuration } from '../framework/duration.js';
import type { SubcommandIo } from '../framework/io.js';
import { AgentRefusal } from '../agent-client/agent-client.js';
import { agentClient, SOCKET_OPTION } from '../agent-client/agent-socket.js';
import { askedAction, jsonText } from '../agent-client/command-json.js';
import { maintenanceText } from './maintenance-text.js';
import { interrupted, waitForConnections } from './maintenance-wait.js';

const KEYS = ['SERVICE', 'DESTINATION'];

/** The record of `maintenance`. */
export const MAINTENANCE: Subcommand = {
  name: 'maintenance',
  operands: ['start|end|list', '[SERVICE]', '[DESTINATION]'],
  actions: { start: askedAction(start, KEYS), end: askedAction(end, KEYS), list: askedAction(list) },
  names: 'agent',
  summary: 'take a destination out of service, bring it back, or list maintenance',
  description: [
    'start: the destination gets weight 0 and stays in the table; its checks and its connections continue. The command waits until the connections have ended, and reports how many are left. Maintenance survives restarts and reboots. Starting it again replaces its time and its reason.',
    'end: the destination gets its weight back at once if its checks pass, otherwise as soon as they do.',
    'A start that would leave the service without a destination or below its floor is refused, unless --force is set.',
    'In a fleet it applies to all directors. If the store does not answer it is refused, unless --local is set.',
    'Ctrl-C stops waiting, but does not end the maintenance.',
  ],
  options: {
    for: {
      actions: ['start'],
      value: 'TIME',
      help: 'start: end it automatically after TIME (30m, 2h); by default it continues until it is ended',
    },
    why: { actions: ['start'], value: 'TEXT', help: 'start: the reason, which status and events show' },
    now: { actions: ['start'], help: 'start: do not wait for connections' },
    force: {
      actions: ['start'],
      help: 'start: even if the service is left without a destination, or below its floor',
    },
    local: {
      actions: ['start'],
      help: 'start: on this director only, in a fleet with a store',
    },
    json: { help: 'print JSON: for start, a line for each reading and for the result' },
    socket: SOCKET_OPTION,
  },
  statuses: {
    0: 'done; after start without --now: its connections have ended',
    1: 'not done: refused, not found, or no agent answers',
    130: 'interrupted by Ctrl-C (143: by SIGTERM); the maintenance continues',
  },
  failure: 1,
};

async function start(args: Arguments, io: SubcommandIo): Promise<number> {
  const keys = keysOf(args);
  const time = args.value('for');
  const why = args.value('why');
  const by = io.env['SUDO_USER'] ?? io.env['USER'] ?? io.env['LOGNAME'];
  const client = agentClient(args, io);
  const request = {
    ...keys,
    ...(time !== undefined && { milliseconds: parseDuration('--for', time, 1000) }),
    ...(why !== undefined && { why }),
    ...(by !== undefined && by !== '' && { by }),
    force: args.has('force'),
    local: args.has('local'),
  };
  try {
    await client.ask('POST', '/maintenance', request);
  } catch (error) {
    // The request was already sent.
    if (io.signal.aborted) return interrupted(keys, io);
    throw withOptionName(error);
  }
  if (!args.has('now')) return waitForConnections(client, keys, args.has('json'), io);
  await io.stdout.write(
    args.has('json')
      ? `${JSON.stringify({ version: 1, ...keys, outcome: 'started' })}\n`
      : `${keys.destination} of ${keys.service} is in maintenance\n`,
  );
  return 0;
}

/** Replaces the field of the request in the agent's message with the option. */
function withOptionName(error: unknown): unknown {
  if (!(error instanceof AgentRefusal) || error.code !== 'ERR_AGENT_REFUSED') return error;
  return new AgentRefusal(409, error.message.replace('; force takes', '; --force takes'), error.code);
}

async function end(args: Arguments, io: SubcommandIo): Promise<number> {
  const keys = keysOf(args);
  await agentClient(args, io).ask('DELETE', `/maintenance?${new URLSearchParams(keys).toString()}`);
  await io.stdout.write(
    args.has('json')
      ? jsonText({ version: 1, ...keys, outcome: 'ended' })
      : `the maintenance of ${keys.destination} of ${keys.service} has ended\n`,
  );
  return 0;
}

async function list(args: Arguments, io: SubcommandIo): Promise<number> {
  const answer = await agentClient(args, io).ask<{ readonly maintenance: readonly MaintenanceStatus[] }>(
    'GET',
    '/maintenance',
  );
  await io.stdout.write(
    args.has('json') ? jsonText(answer) : maintenanceText(answer.maintenance, Date.now(), io.stdout),
  );
  return 0;
}

function keysOf({ operands: [, service = '', destination = ''] }: Arguments): {
  readonly service: string;
  readonly destination: string;
} {
  return {
    service: serviceKeyText(parseServiceKey(service, 'SERVICE')),
    destination: destinationKeyText(parseDestinationKey(destination, 'DESTINATION')),
  };
}
