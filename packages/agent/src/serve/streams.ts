import type { ServerResponse } from 'node:http';
import type { Agent } from '../io/agent.js';
import { eventLine } from '../report/event-log.js';
import { keysOf, problemOf } from './routes.js';

/** The most bytes that wait for a client; beyond them it is disconnected. */
const MOST_WAITING = 1_048_576;

/** Answers a request line by line. */
type Stream = (response: ServerResponse) => void;

/** The stream for a GET of `url`; undefined if there is none. */
export function streamOf(agent: Agent, url: string): Stream | undefined {
  if (!URL.canParse(url, 'http://agent')) return undefined;
  const { pathname, searchParams: query } = new URL(url, 'http://agent');
  if (pathname === '/events' && query.get('follow') === '1')
    return (response) => followEvents(agent, Number(query.get('after') ?? 0) || 0, response);
  if (pathname === '/maintenance/wait') return (response) => void waitForEnd(agent, query, response);
  return undefined;
}

/** Sends the events after `after`, and then new ones, each as a line of JSON. */
function followEvents(agent: Agent, after: number, response: ServerResponse): void {
  const line = lines(response);
  for (const event of agent.events(after)) line(eventLine(event));
  response.on(
    'close',
    agent.onEvent((event) => line(eventLine(event))),
  );
}

/** Sends the remaining connections of a destination in maintenance, a line each second, and finally `outcome`. */
async function waitForEnd(agent: Agent, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  let line: ((value: object) => void) | undefined;
  const write = (value: object): void => (line ??= lines(response))({ version: 1, ...value });
  try {
    const { service, destination } = keysOf(query);
    const outcome = await agent.waitForConnections(service, destination, write, gone.signal);
    write({ outcome });
  } catch (error) {
    if (gone.signal.aborted) return;
    const { status, json } = problemOf(error);
    if (line === undefined) response.writeHead(status, { 'Content-Type': 'application/json' });
    response.write(`${JSON.stringify(json)}\n`);
  }
  response.end();
}

/** Begins a stream, and returns a function that writes a line. */
function lines(response: ServerResponse): (value: object) => void {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  return (value) => {
    response.write(`${JSON.stringify(value)}\n`);
    if (response.writableLength > MOST_WAITING) response.destroy();
  };
}
