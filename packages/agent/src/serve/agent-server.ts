import { checkedOptions, type ServeOptions } from './serve-options.js';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { AgentError } from '../errors.js';
import type { Agent } from '../io/agent.js';
import { FileLock } from '../state/file-lock.js';
import { ConnectionLimit } from './connection-limit.js';
import { Listeners } from './listeners.js';
import { RequestBudget } from './request-budget.js';
import { type AgentResponse, answer, problem } from './routes.js';
import { streamOf } from './streams.js';

/** A socket that answers requests. */
export interface AgentServer {
  /** Ends every connection and removes the socket. */
  close(): Promise<void>;
}

/** A socket that is open before its agent is. */
export interface AgentSocket extends AgentServer {
  /** Answers for `agent` from now on; before that every answer is 503. */
  serve(agent: Agent): void;
}

/** The most bytes of a body. */
const MOST_BODY = 65_536;
const MOST_HEADER = 8192;
const MOST_CONNECTIONS = 64;
/** A client that neither sends nor reads for so many milliseconds is disconnected. */
const LONGEST_SILENCE = 10_000;
const GROUP = 'ipvs-ts';

/**
 * Answers requests over HTTP with JSON on a Unix socket. A stale socket is replaced. Rejects with ERR_AGENT_RUNNING if
 * another program answers there, and ERR_AGENT_LISTEN if it cannot be opened.
 */
export async function serveAgent(agent: Agent, options: ServeOptions): Promise<AgentServer> {
  const socket = await openAgentSocket(options);
  socket.serve(agent);
  return socket;
}

/**
 * Opens the socket of an agent before it is started, so that a second agent changes nothing. Like {@link serveAgent}.
 */
export async function openAgentSocket(options: ServeOptions): Promise<AgentSocket> {
  const { socket } = checkedOptions(options);
  const lock = lockSocket(socket);
  try {
    return await openLocked(socket, lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

async function openLocked(socket: string, lock: FileLock | undefined): Promise<AgentSocket> {
  await refuseRunning(socket);
  let agent: Agent | undefined;
  let listeners: Listeners | undefined;
  const budget = new RequestBudget();
  const server = createServer(
    {
      requestTimeout: LONGEST_SILENCE,
      headersTimeout: LONGEST_SILENCE / 2,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: MOST_HEADER,
    },
    (request, response) => {
      response.on('error', () => undefined);
      if (agent === undefined) send(response, problem(503, 'the agent is starting; ask again'));
      else void respond(agent, budget, limit, request, response);
    },
  );
  server.setTimeout(LONGEST_SILENCE);
  const limit = new ConnectionLimit(server, MOST_CONNECTIONS);
  const inode = await listen(server, socket);
  return {
    serve: (started) => {
      agent = started;
      listeners ??= new Listeners(started);
    },
    close: async () => {
      await listeners?.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      // If its directory was removed and created again, the socket may be another agent's.
      if (inodeOf(socket) === inode) rmSync(socket, { force: true });
      lock?.release();
    },
  };
}

/**
 * Takes the lock of a file beside the socket: of two agents that start at once and find a stale socket, one could
 * remove the other's. If it cannot be locked, only whether a program answers decides. Throws ERR_AGENT_RUNNING.
 */
function lockSocket(socket: string): FileLock | undefined {
  const lock = FileLock.take(`${socket}.lock`);
  if (lock instanceof FileLock) return lock;
  if (lock.kind === 'held') throw running(socket, lock.by);
  return undefined;
}

function running(socket: string, by?: number): AgentError {
  const process = by === undefined ? '' : ` (process ${by})`;
  return new AgentError(
    'ERR_AGENT_RUNNING',
    `another agent${process} answers at ${socket}; stop it first, or name another socket and runtime directory`,
  );
}

async function respond(
  agent: Agent,
  budget: RequestBudget,
  limit: ConnectionLimit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const body = await readBody(request);
  if (body === undefined) return;
  const now = performance.now();
  if (!budget.allows(now)) {
    response.setHeader('Retry-After', '1');
    send(response, problem(429, 'too many requests; ask again in a second'));
    return;
  }
  const stream = method === 'GET' ? streamOf(agent, url) : undefined;
  if (stream !== undefined) {
    limit.follows(request.socket);
    stream(response);
    return;
  }
  const answering = 'status' in body ? body : answer(agent, { method, url, body: body.value }, true);
  const worked = performance.now() - now;
  const answered = await answering;
  const sending = performance.now();
  send(response, answered);
  budget.spend(worked + performance.now() - sending);
}

function send(response: ServerResponse, { status, json }: AgentResponse): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(json)}\n`);
}

/** Returns the body as JSON, or the answer to an invalid one; undefined if the client is gone. */
async function readBody(
  request: IncomingMessage,
): Promise<{ readonly value: unknown } | AgentResponse | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      // A body that is too long is read to its end, up to the time limit, so that the client can read the answer.
      if (length <= MOST_BODY) chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined;
  }
  if (length > MOST_BODY) return problem(413, `the body is longer than ${MOST_BODY} bytes`);
  if (length === 0) return { value: undefined };
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown };
  } catch (error) {
    return problem(400, `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Listens in place of a stale socket. Returns its inode. Node removes the bound name at the end, so that is another. */
async function listen(server: Server, socket: string): Promise<bigint | undefined> {
  const bound = join(dirname(socket), `.${randomBytes(4).toString('hex')}`);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: Error) => {
      reject(new AgentError('ERR_AGENT_LISTEN', `cannot listen at ${socket}: ${cause.message}`, { cause }));
    });
    server.listen(bound, resolve);
  });
  share(bound);
  renameSync(bound, socket);
  return inodeOf(socket);
}

function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Makes the socket accessible to the group of operators, if it exists. */
function share(socket: string): void {
  chmodSync(socket, 0o660);
  const group = groupId(GROUP);
  try {
    if (group !== undefined) chownSync(socket, lstatSync(socket).uid, group);
  } catch {
    // A user who is neither root nor in the group keeps the socket to itself.
  }
}

/** The number of a group in /etc/group. */
function groupId(name: string): number | undefined {
  try {
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((each) => each.startsWith(`${name}:`));
    return line === undefined ? undefined : Number(line.split(':')[2]);
  } catch {
    return undefined;
  }
}

/** Throws if a program answers at a socket, and if the file is not a socket; a stale one may be replaced. */
async function refuseRunning(socket: string): Promise<void> {
  const found = lstatSync(socket, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new AgentError(
      'ERR_AGENT_LISTEN',
      `cannot listen at ${socket}: there is a file that is no socket; name another path`,
    );
  const code = await refusal(socket);
  if (code === undefined) throw running(socket);
  if (code !== 'ECONNREFUSED' && code !== 'ENOENT')
    throw new AgentError(
      'ERR_AGENT_LISTEN',
      `cannot tell whether another agent answers at ${socket} (${code})`,
    );
}

/** Why a socket does not answer; undefined if it does. */
async function refusal(socket: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(undefined);
    });
    probe.once('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) => resolve(code));
  });
}
