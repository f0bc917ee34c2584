/** Requests to a running agent: HTTP with JSON on its Unix socket. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** An agent that sends nothing for so many milliseconds does not answer. */
const LONGEST_SILENCE = 15_000;

/** How often to repeat a request that a busy agent rejects, and the pause between. */
const MOST_TIMES = 10;
const RETRY = 500;

/** No agent answers. */
export class NoAgentError extends Error {
  override readonly name = 'NoAgentError';
  readonly code = 'ERR_NO_AGENT';
}

/** The agent rejects a request, with its reason. */
export class AgentRefusal extends Error {
  override readonly name = 'AgentRefusal';
  /** The agent's own code, or that of HTTP. */
  readonly code: string;

  constructor(status: number, message: string, code = `HTTP ${status}`) {
    super(message);
    this.code = code;
  }
}

/** Sends requests to the agent at a socket. */
export class AgentClient {
  readonly socket: string;
  readonly #signal: AbortSignal;

  /** `signal` ends every request, which rejects with its reason. */
  constructor(socket: string, signal: AbortSignal) {
    this.socket = socket;
    this.#signal = signal;
  }

  /** Sends a request and returns the answer. Rejects with {@link NoAgentError} or {@link AgentRefusal}. */
  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#send(method, path, body, LONGEST_SILENCE);
    const json = await this.#json(response);
    const { statusCode = 0 } = response;
    // An agent that is not ready also sends an answer.
    if (statusCode < 300 || path === '/ready') return json as T;
    throw refusal(statusCode, json);
  }

  /** The JSON lines that the agent sends, until it or the signal ends the stream. */
  async *lines<T>(path: string): AsyncGenerator<T> {
    const { createInterface } = await import('node:readline');
    const response = await this.#send('GET', path, undefined, 0);
    const { statusCode = 0 } = response;
    if (statusCode !== 200) throw refusal(statusCode, await this.#json(response));
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Infinity }))
        yield JSON.parse(line) as T;
    } finally {
      response.destroy();
    }
    this.#signal.throwIfAborted();
  }

  /** Sends a request, and again if the agent has too many at the moment. */
  async #send(
    method: string,
    path: string,
    body: object | undefined,
    silence: number,
  ): Promise<IncomingMessage> {
    for (let times = 1; ; times++) {
      const response = await this.#sendOnce(method, path, body, silence);
      if (response.statusCode !== 429 || times === MOST_TIMES) return response;
      response.resume();
      const { setTimeout: sleep } = await import('node:timers/promises');
      await sleep(RETRY, undefined, { signal: this.#signal });
    }
  }

  async #sendOnce(
    method: string,
    path: string,
    body: object | undefined,
    silence: number,
  ): Promise<IncomingMessage> {
    this.#signal.throwIfAborted();
    // Most commands find no agent, and Node's HTTP costs as much as a fifth of its start.
    if (isAbsent(this.socket)) throw this.#unreachable('ENOENT');
    const { request } = await import('node:http');
    this.#signal.throwIfAborted();
    const sent = request({ socketPath: this.socket, method, path, signal: this.#signal, timeout: silence });
    sent.once('timeout', () => sent.destroy(Object.assign(new Error('it is silent'), { code: 'ETIMEDOUT' })));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return this.#response(sent);
  }

  async #response(sent: ClientRequest): Promise<IncomingMessage> {
    try {
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      // A broken connection ends the answer, which the reader of its lines notices.
      response.on('error', () => undefined);
      return response;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw this.#unreachable((error as NodeJS.ErrnoException).code ?? String(error));
    }
  }

  async #json(response: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
    } catch {
      this.#signal.throwIfAborted();
      throw new NoAgentError(`what answers at ${this.socket} is no agent, or it has ended just now`);
    }
  }

  #unreachable(code: string): NoAgentError {
    return new NoAgentError(
      code === 'EACCES' || code === 'EPERM'
        ? `the agent's socket ${this.socket} is for root and the group ipvs-ts; use sudo, or join the group`
        : `no agent answers at ${this.socket} (${REASONS[code] ?? code}); start one: systemctl start ipvs-ts-agent, or ipvs-ts agent`,
    );
  }
}

/** Whether there is certainly nothing at a path. */
function isAbsent(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no socket',
  ECONNREFUSED: 'it has died and left its socket',
  ETIMEDOUT: 'it is silent',
};

function refusal(status: number, json: unknown): AgentRefusal {
  const { error } = (json ?? {}) as {
    readonly error?: { readonly message?: string; readonly code?: string };
  };
  return new AgentRefusal(status, error?.message ?? `the agent answered with status ${status}`, error?.code);
}
