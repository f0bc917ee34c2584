import { parseDestinationKey, parseServiceKey, destinationKeyText, serviceKeyText } from '@ipvs-ts/ipvs';
import { AgentError, type AgentErrorCode } from '../errors.js';
import { LONGEST_DURATION } from '../fields/duration.js';
import type { Agent } from '../io/agent.js';

/** A request to the agent: `POST /maintenance` with a body of JSON. */
export interface AgentRequest {
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  /** The body as read from JSON; undefined if there is none. */
  readonly body: unknown;
}

/** The agent's answer, as JSON. */
export interface AgentResponse {
  readonly status: number;
  readonly json: unknown;
}

type Handler = (agent: Agent, request: { readonly query: URLSearchParams; readonly body: Fields }) => unknown;
type Fields = Readonly<Record<string, unknown>>;

const STATUSES: Readonly<Partial<Record<AgentErrorCode, number>>> = {
  ERR_AGENT_NOT_FOUND: 404,
  ERR_AGENT_REFUSED: 409,
  ERR_AGENT_ARGUMENT: 400,
  ERR_AGENT_STORE: 502,
};

/** Requests that only read. */
const READ: Readonly<Record<string, Handler>> = {
  '/status': (agent) => agent.status(),
  '/explain': (agent, { query }) => {
    const destination = query.get('destination');
    return agent.explain(
      serviceOf(query.get('service')),
      destination === null ? undefined : destinationOf(destination),
    );
  },
  '/events': (agent, { query }) => ({
    version: 1,
    events: agent.events(Number(query.get('after') ?? 0) || 0),
  }),
  '/maintenance': (agent) => ({ version: 1, maintenance: agent.maintenance() }),
  '/live': () => ({ live: true }),
};

/** Requests that change something; over the Unix socket only. */
const CHANGE: Readonly<Record<string, Handler>> = {
  'POST /reload': async (agent) => {
    await agent.reload();
    return agent.status().document;
  },
  'POST /accept': async (agent, { body }) => {
    await agent.accept(text(body, 'revision'));
    return agent.status().document;
  },
  'POST /maintenance': async (agent, { body }) => {
    await agent.startMaintenance({
      service: serviceOf(body['service']),
      destination: destinationOf(body['destination']),
      duration: duration(body['milliseconds']),
      why: optionalText(body, 'why'),
      by: optionalText(body, 'by'),
      force: body['force'] === true,
      local: body['local'] === true,
    });
    return { started: true };
  },
  'DELETE /maintenance': async (agent, { query }) => {
    const { service, destination } = keysOf(query);
    await agent.endMaintenance(service, destination);
    return { ended: true };
  },
};

/** Answers a request. `mayChange`: whether it came over the Unix socket. It never throws. */
export async function answer(
  agent: Agent,
  { method, url, body }: AgentRequest,
  mayChange: boolean,
): Promise<AgentResponse> {
  if (!URL.canParse(url, 'http://agent')) return problem(400, `${url} is not a path`);
  const { pathname, searchParams: query } = new URL(url, 'http://agent');
  if (pathname === '/ready') return readiness(agent);
  const change = CHANGE[`${method} ${pathname}`];
  const handler = change ?? (method === 'GET' ? READ[pathname] : undefined);
  if (handler === undefined) return problem(404, `there is no ${method} ${pathname}`);
  if (change !== undefined && !mayChange)
    return problem(403, `${method} ${pathname} works over the Unix socket only`);
  try {
    const fields = typeof body === 'object' && body !== null ? (body as Fields) : {};
    return { status: 200, json: await handler(agent, { query, body: fields }) };
  } catch (error) {
    return problemOf(error);
  }
}

/** The answer to a request that failed. */
export function problemOf(error: unknown): AgentResponse {
  const message = error instanceof Error ? error.message : String(error);
  const { code } = error as { readonly code?: string };
  if (code === 'ERR_IPVS_ARGUMENT') return problem(400, message, code);
  return AgentError.is(error)
    ? problem(STATUSES[error.code] ?? 500, message, error.code)
    : problem(500, message);
}

/** The service and the destination in a query. */
export function keysOf(query: URLSearchParams): { readonly service: string; readonly destination: string } {
  return {
    service: serviceOf(query.get('service')),
    destination: destinationOf(query.get('destination')),
  };
}

/** Answers 200 after the table was read and the document was tried, while the director is fit. */
function readiness(agent: Agent): AgentResponse {
  const unfit = agent.isReady ? agent.unfitness() : ['the agent has not read the table and the document yet'];
  return { status: unfit.length === 0 ? 200 : 503, json: { ready: unfit.length === 0, unfit } };
}

/** An answer that says what is wrong. */
export function problem(status: number, message: string, code?: string): AgentResponse {
  return { status, json: { error: { message, ...(code !== undefined && { code }) } } };
}

function serviceOf(value: unknown): string {
  return serviceKeyText(parseServiceKey(named('service', value)));
}

function destinationOf(value: unknown): string {
  return destinationKeyText(parseDestinationKey(named('destination', value)));
}

function named(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new AgentError('ERR_AGENT_ARGUMENT', `${name} is missing; it must be text`);
}

function text(body: Fields, name: string): string {
  const value = optionalText(body, name);
  if (value !== undefined) return value;
  throw new AgentError('ERR_AGENT_ARGUMENT', `${name} is missing; it must be text`);
}

function optionalText(body: Fields, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || (typeof value === 'string' && value.length <= 1000)) return value;
  throw new AgentError('ERR_AGENT_ARGUMENT', `${name} must be text of at most 1000 characters`);
}

function duration(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= LONGEST_DURATION) return value;
  throw new AgentError(
    'ERR_AGENT_ARGUMENT',
    `milliseconds must be a number above 0, at most ${LONGEST_DURATION}`,
  );
}
