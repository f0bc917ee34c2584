import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { AgentError } from '../errors.js';
import type { Agent } from '../io/run-agent.js';
import type { AgentEvent } from '../report/event-log.js';
import { type AgentResponse, answer, problem } from './routes.js';

/** Where an agent is asked. */
export interface ServeOptions {
  /** Path of the Unix socket: `/run/ipvs-ts/agent.sock`. Its mode is 0660. */
  readonly socket: string;
}

/** A socket that answers requests. */
export interface AgentServer {
  /** Ends every connection and removes the socket. */
  close(): Promise<void>;
}

/** Bytes of a body that are read. */
const MOST_BODY = 65_536;
const MOST_CONNECTIONS = 64;
/** Bytes that wait for a client that follows events; one that reads no more is disconnected. */
const MOST_WAITING = 1_048_576;

/**
 * Answers requests over HTTP with JSON on a Unix socket. A socket that nobody answers is replaced. Rejects with
 * ERR_AGENT_RUNNING where another program answers there, and ERR_AGENT_LISTEN where it cannot be opened.
 */
export async function serveAgent(agent: Agent, { socket }: ServeOptions): Promise<AgentServer> {
  if (await isAnswered(socket))
    throw new AgentError('ERR_AGENT_RUNNING', `another agent answers at ${socket}; stop it first`);
  rmSync(socket, { force: true });
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, (request, response) => {
    void respond(agent, request, response);
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, socket);
  chmodSync(socket, 0o660);
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      rmSync(socket, { force: true });
    },
  };
}

async function respond(agent: Agent, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  response.on('error', () => undefined);
  if (method === 'GET' && /^\/events\?(.*&)?follow=1(&|$)/.test(url)) {
    follow(agent, response);
    return;
  }
  const body = await readBody(request);
  send(response, 'status' in body ? body : await answer(agent, { method, url, body: body.value }, true));
}

function send(response: ServerResponse, { status, json }: AgentResponse): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(json)}\n`);
}

/** Events as they happen, a line of JSON each. */
function follow(agent: Agent, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
  const write = (event: AgentEvent): void => {
    response.write(`${JSON.stringify(event)}\n`);
    if (response.writableLength > MOST_WAITING) response.destroy();
  };
  for (const event of agent.events()) write(event);
  response.on('close', agent.onEvent(write));
}

/** The body as JSON, or the answer to one that is none. */
async function readBody(request: IncomingMessage): Promise<{ readonly value: unknown } | AgentResponse> {
  let text = '';
  try {
    for await (const chunk of request) {
      text += String(chunk);
      if (text.length > MOST_BODY) return problem(413, `the body is longer than ${MOST_BODY} bytes`);
    }
    return { value: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    return problem(400, `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function listen(server: Server, socket: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: Error) => {
      reject(new AgentError('ERR_AGENT_LISTEN', `cannot listen at ${socket}: ${cause.message}`, { cause }));
    });
    server.listen(socket, resolve);
  });
}

/** Whether a program answers at a socket: one that is left over from a program that died does not. */
async function isAnswered(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    const end = (answered: boolean) => (): void => {
      probe.destroy();
      resolve(answered);
    };
    probe.once('connect', end(true));
    probe.once('error', end(false));
  });
}
