/** Runs an agent until there is a signal. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Agent, EventSink } from '@ipvs-ts/agent';
import type { AgentPackage } from '../framework/agent-package.js';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { agentOptions } from './agent-options.js';
import { socketIn } from '../agent-client/agent-socket.js';
import { eventText } from '../agent-client/event-text.js';

/** The descriptor of standard error. */
const STDERR = 2;

/** Runs the agent, and returns the exit status when a signal has ended it. */
export async function start(agentPackage: AgentPackage, args: Arguments, io: SubcommandIo): Promise<number> {
  const options = agentOptions(args);
  agentPackage.keepHeapSmall();
  const path = args.value('socket') ?? socketIn(options.runtimeDirectory);
  mkdirSync(dirname(path), { recursive: true });
  // Opens the socket first: if another agent answers, nothing was changed.
  const socket = await agentPackage.openAgentSocket({ socket: path });
  let isWritten = true;
  try {
    const agent = await agentPackage.runAgent({ ...options, observe: args.has('observe') });
    const log = eventSink(agentPackage, io);
    try {
      for (const event of agent.events()) log.write(event);
      agent.onEvent((event) => log.write(event));
      socket.serve(agent);
      await untilEnded(agentPackage, agent, log, io);
    } finally {
      await agent.close();
      isWritten = await log.close();
    }
  } finally {
    await socket.close();
  }
  // A thread that waits for a reader of the log would block the exit.
  if (!isWritten) io.process?.endBySignal();
  return 0;
}

/** The sink of events: text on a terminal, JSON lines for a journal. */
function eventSink(agentPackage: AgentPackage, { stderr }: SubcommandIo): EventSink {
  if (!stderr.terminal) return agentPackage.openJsonLog(STDERR);
  return {
    write: (event) => void stderr.write(`${eventText(event, stderr.colour)}\n`),
    close: async () => true,
  };
}

/** Handles signals and the service manager until the agent must end. */
async function untilEnded(
  { ServiceManager }: AgentPackage,
  agent: Agent,
  log: EventSink,
  { env, signal, process }: SubcommandIo,
): Promise<void> {
  const manager = new ServiceManager(agent, {
    socket: env['NOTIFY_SOCKET'] === '' ? undefined : env['NOTIFY_SOCKET'],
    watchdog: watchdogOf(env, process?.pid),
    onProblem: (text) => log.write({ id: 0, at: new Date().toISOString(), kind: 'warning', text }),
  });
  process?.onHangup(() => void manager.reloading(agent.reload()));
  if (!signal.aborted) await once(signal, 'abort');
  manager.stopping();
}

/** Microseconds within which systemd expects a notification, if it expects it of this process. */
function watchdogOf(env: SubcommandIo['env'], pid: number | undefined): number | undefined {
  const microseconds = Number(env['WATCHDOG_USEC'] ?? '');
  const { WATCHDOG_PID: wanted } = env;
  if (!(microseconds > 0) || (wanted !== undefined && wanted !== String(pid))) return undefined;
  return microseconds;
}
