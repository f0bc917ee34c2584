import { createServer, type Server } from 'node:http';
import { AgentError } from '../errors.js';
import { MetricsHandler, type MetricsSource } from './metrics-handler.js';

/** What a listener serves, and where: the agent. */
export interface Listened extends MetricsSource {
  /** `address:port` of the document in force; undefined: no listener. */
  readonly listen: { readonly metrics: string | undefined };
  onEvent(listener: (event: { readonly kind: string }) => void): () => void;
  warn(text: string): void;
}

const MOST_CONNECTIONS = 64;
/** A client that neither sends nor reads for so long is disconnected, in milliseconds. */
const LONGEST_SILENCE = 10_000;
const RETRY = 5000;

/** The TCP listeners of the document in force: they follow it. */
export class Listeners {
  readonly #agent: Listened;
  readonly #unfollow: () => void;
  #server: Server | undefined;
  #endpoint: string | undefined;
  #problem: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #changing: Promise<void> = Promise.resolve();

  constructor(agent: Listened) {
    this.#agent = agent;
    this.#unfollow = agent.onEvent(({ kind }) => {
      if (kind === 'document') this.#follow();
    });
    this.#follow();
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    this.#unfollow();
    clearTimeout(this.#retry);
    await this.#changing;
    await this.#stop();
  }

  #follow(): void {
    this.#changing = this.#changing.then(() => this.#change(this.#agent.listen.metrics));
  }

  async #change(endpoint: string | undefined): Promise<void> {
    clearTimeout(this.#retry);
    if (endpoint === this.#endpoint) return;
    await this.#stop();
    if (endpoint === undefined) return;
    try {
      this.#server = await listen(this.#agent, endpoint);
      this.#endpoint = endpoint;
      this.#problem = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#problem) this.#agent.warn(message);
      this.#problem = message;
      this.#retry = setTimeout(() => this.#follow(), RETRY);
      this.#retry.unref();
    }
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#endpoint = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

async function listen(agent: MetricsSource, endpoint: string): Promise<Server> {
  const handler = new MetricsHandler(agent);
  const server = createServer(
    {
      requestTimeout: LONGEST_SILENCE,
      headersTimeout: LONGEST_SILENCE / 2,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 8192,
      requireHostHeader: false,
    },
    (request, response) => void handler.respond(request, response),
  );
  server.setTimeout(LONGEST_SILENCE);
  keepOutFlood(server);
  const at = endpoint.lastIndexOf(':');
  const host = endpoint.slice(0, at).replace(/^\[|\]$/g, '');
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: Error) => {
      reject(
        new AgentError('ERR_AGENT_LISTEN', `cannot listen at ${endpoint} for metrics: ${cause.message}`, {
          cause,
        }),
      );
    });
    server.listen(Number(endpoint.slice(at + 1)), host, resolve);
  });
  server.unref();
  return server;
}

/** At the limit the oldest connection goes, so that those who hold connections hold nobody up. */
function keepOutFlood(server: Server): void {
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [oldest] = open;
    if (open.size > MOST_CONNECTIONS) oldest?.destroy();
  });
}
