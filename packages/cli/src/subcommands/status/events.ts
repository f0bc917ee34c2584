/** `events`: past events, and new ones. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent } from '@ipvs-ts/agent';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import type { SubcommandIo } from '../framework/io.js';
import { type AgentClient, NoAgentError } from '../agent-client/agent-client.js';
import { agentClient, SOCKET_OPTION } from '../agent-client/agent-socket.js';
import { asked } from '../agent-client/command-json.js';
import { eventText } from '../agent-client/event-text.js';

/** Milliseconds before a stopped agent is tried again. */
const RETRY = 500;

type Line = AgentEvent & { readonly version: 1 };

/** The record of `events`. */
export const EVENTS: Subcommand = {
  name: 'events',
  operands: [],
  summary: 'print events, one per line: verdicts, changes, documents, drift, maintenance',
  description: [
    'The agent keeps its last 1000 events. With --follow, new events are printed as they happen, until a signal ends the command or its output is closed, and also after a restart of the agent.',
  ],
  options: {
    follow: { short: 'f', help: 'also print new events as they happen' },
    json: { help: 'print a line of JSON for every event' },
    socket: SOCKET_OPTION,
  },
  statuses: {
    0: 'printed',
    1: 'no agent answers',
    130: 'ended by Ctrl-C',
    143: 'ended by SIGTERM',
  },
  failure: 1,
  run: (args, io) =>
    asked(args, io, async () => {
      const client = agentClient(args, io);
      if (args.has('follow')) return follow(client, args, io);
      const { events } = await client.ask<{ readonly events: readonly AgentEvent[] }>('GET', '/events');
      for (const event of events) await print({ version: 1, ...event }, args, io);
      return 0;
    }),
};

/** Prints events until it is ended. It waits for an agent that has stopped, since its events matter most then. */
async function follow(client: AgentClient, args: Arguments, io: SubcommandIo): Promise<number> {
  let last: Line | undefined;
  let started = false;
  for (;;) {
    try {
      for await (const event of client.lines<Line>('/events?follow=1')) {
        started = true;
        // After a restart the agent's numbers begin again.
        if (last !== undefined && event.id <= last.id && event.at <= last.at) continue;
        last = event;
        await print(event, args, io);
      }
      await io.stderr.write(`${io.programName} events: the agent has ended; waiting for the next one\n`);
    } catch (error) {
      if (!started || !(error instanceof NoAgentError)) throw error;
    }
    await sleep(RETRY, undefined, { signal: io.signal });
  }
}

async function print(event: Line, args: Arguments, { stdout }: SubcommandIo): Promise<void> {
  await stdout.write(`${args.has('json') ? JSON.stringify(event) : eventText(event, stdout.colour)}\n`);
}
