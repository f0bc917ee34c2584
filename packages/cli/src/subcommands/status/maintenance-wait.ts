/** Waits for the connections of a destination in maintenance. */
import type { ConnectionsEnd, ConnectionsLeft } from '@ipvs-ts/agent';
import { durationText } from '../framework/duration.js';
import { interruptionStatus } from '../framework/interruption.js';
import type { SubcommandIo } from '../framework/io.js';
import { ProgressLine } from '../framework/progress-line.js';
import { type AgentClient, NoAgentError } from '../agent-client/agent-client.js';
import { leftText } from './maintenance-text.js';

interface Keys extends Record<string, string> {
  readonly service: string;
  readonly destination: string;
}

type Line =
  | (ConnectionsLeft & { readonly outcome?: undefined; readonly error?: undefined })
  | { readonly outcome: ConnectionsEnd; readonly error?: undefined }
  | { readonly outcome?: undefined; readonly error: { readonly message: string } };

/** Reports the remaining connections until there are none; returns the exit status. */
export async function waitForConnections(
  client: AgentClient,
  keys: Keys,
  json: boolean,
  io: SubcommandIo,
): Promise<number> {
  const progress = new ProgressLine(io.stderr, io.env);
  const start = performance.now();
  const name = `${keys.destination} of ${keys.service}`;
  try {
    for await (const line of client.lines<Line>(
      `/maintenance/wait?${new URLSearchParams(keys).toString()}`,
    )) {
      if (json) await io.stdout.write(`${JSON.stringify({ version: 1, ...keys, ...line })}\n`);
      if (line.error !== undefined) throw new NoAgentError(line.error.message);
      if (line.outcome !== undefined) {
        progress.clear();
        if (!json) await io.stdout.write(`${endText(name, line.outcome)}\n`);
        return line.outcome === 'ended' ? 1 : 0;
      }
      const text = leftText(line);
      if (!json) progress.show(`${durationText(performance.now() - start)}: ${text}`, text);
    }
    throw new NoAgentError(
      `the agent ended before the connections of ${name} did; its maintenance goes on when it is started again`,
    );
  } catch (error) {
    progress.clear();
    if (!io.signal.aborted) throw error;
    return interrupted(keys, io);
  }
}

/** Prints that the maintenance continues, and returns the exit status. */
export async function interrupted({ service, destination }: Keys, io: SubcommandIo): Promise<number> {
  const { programName, stderr, signal } = io;
  await stderr.write(
    `${programName} maintenance: ${destination} of ${service} stays in maintenance; end it with: ${programName} maintenance end ${service} ${destination}\n`,
  );
  return interruptionStatus(signal.reason);
}

function endText(name: string, outcome: ConnectionsEnd): string {
  switch (outcome) {
    case 'drained':
      return `${name} is in maintenance and has no connections`;
    case 'gone':
      return `${name} is in maintenance, and not in the table`;
    case 'ended':
      return `the maintenance of ${name} was ended before its connections were`;
  }
}
