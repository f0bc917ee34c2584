/** The option for the agent's socket, and its errors. */
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandOption } from '../framework/subcommand-option.js';
import type { SubcommandIo } from '../framework/io.js';
import { loadAgent } from '../framework/agent-package.js';
import { UsageError } from '../framework/usage-error.js';
import { AgentClient, NoAgentError } from './agent-client.js';

const RUNTIME_DIRECTORY = '/run/ipvs-ts';
const NAME = 'agent.sock';

/** The socket in a runtime directory. */
export function socketIn(runtimeDirectory = RUNTIME_DIRECTORY): string {
  return `${runtimeDirectory}/${NAME}`;
}

/** The option of every command that sends requests to an agent. */
export const SOCKET_OPTION: SubcommandOption = {
  value: 'PATH',
  help: `the socket of the agent, ${socketIn()} by default`,
};

/** A client of the agent that the arguments name. */
export function agentClient(args: Arguments, io: Pick<SubcommandIo, 'signal'>): AgentClient {
  const socket = args.value('socket') ?? socketIn(args.value('runtime-dir'));
  if (socket === '') throw new UsageError('--socket needs the path of a socket');
  return new AgentClient(socket, io.signal);
}

/** Adds what to install to the error if the package of the agent is missing. */
export async function withInstallHint(error: NoAgentError): Promise<NoAgentError> {
  try {
    await loadAgent();
    return error;
  } catch (missing) {
    if (!(missing instanceof UsageError)) throw missing;
    return new NoAgentError(`${error.message}\n${missing.message}`);
  }
}
