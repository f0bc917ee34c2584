/** Prevents changes of services that a running agent manages: it would undo them, or treat them as an operator's. */
import { statSync } from 'node:fs';
import { parseServiceKey, serviceKeyText } from '@ipvs-ts/ipvs';
import type { Status } from '@ipvs-ts/agent';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import type { SubcommandOption } from '../framework/subcommand-option.js';
import { AgentRefusal, NoAgentError } from './agent-client.js';
import { agentClient } from './agent-socket.js';

/** The option of commands that refuse to change services of an agent. */
export const FORCE_OPTION: SubcommandOption = {
  help: 'change services even if a running agent manages them, which may change them back',
};

/** A service is managed by a running agent. */
export class OwnedError extends Error {
  override readonly name = 'OwnedError';
  readonly code = 'ERR_AGENT_OWNS';
}

/**
 * The status of the agent that manages the table of this network namespace; undefined if none answers, or if it manages
 * another table or only observes.
 */
export async function runningAgent(
  args: Arguments,
  io: Pick<SubcommandIo, 'signal'>,
): Promise<Status | undefined> {
  try {
    const status = await agentClient(args, io).ask<Status>('GET', '/status');
    const own = ownNamespace();
    return status.observes || (own !== undefined && status.namespace !== own) ? undefined : status;
  } catch (error) {
    if (error instanceof NoAgentError || error instanceof AgentRefusal) return undefined;
    throw error;
  }
}

/** The network namespace of this process, as agents report it; undefined if it is not visible here. */
function ownNamespace(): string | undefined {
  const found = statSync('/proc/self/ns/net', { throwIfNoEntry: false });
  return found === undefined ? undefined : String(found.ino);
}

/**
 * Why a command must not change a service: a running agent manages it. Undefined if none does, or with --force.
 * `services`: returns names, or 'all'; `instead`: the agent's own command.
 */
export async function refusal(
  args: Arguments,
  io: SubcommandIo,
  services: (() => readonly string[]) | 'all',
  instead: string,
): Promise<string | undefined> {
  if (args.has('force')) return undefined;
  const status = await runningAgent(args, io);
  if (status === undefined) return undefined;
  const named = services === 'all' ? undefined : new Set(services().map(canonical));
  const kept = status.services
    .map(({ service }) => service)
    .filter((service) => named === undefined || named.has(service));
  const [first] = kept;
  if (first === undefined) return undefined;
  const more = kept.length > 1 ? ` and ${kept.length - 1} more` : '';
  return `the agent ${status.id} keeps ${first}${more}; ${instead}, or use --force`;
}

function canonical(service: string): string {
  return serviceKeyText(parseServiceKey(service));
}
