import { readFileSync } from 'node:fs';
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { EtcdSettings } from '../declared/source-settings.js';
import { AgentError } from '../errors.js';
import { failureOf, isStale, parsed, readAll, readLines, StoreFailure } from './gateway-answer.js';
import { isRecord, type Json } from './gateway-json.js';

/** Milliseconds for which a node of etcd may be silent. */
const SILENCE = 5000;

/** A stream of answers; `close` ends it without calling `onEnd`. */
export interface StoreStream {
  close(): void;
}

/**
 * etcd's JSON gateway over HTTP: one request at a time to one endpoint, with a token if there is a user. The caller
 * rotates the endpoints.
 */
export class Gateway {
  readonly #settings: EtcdSettings;
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  #index = 0;
  #token: Promise<string> | undefined;

  /** Reads the files of the settings. Throws ERR_AGENT_FILE. */
  constructor(settings: EtcdSettings) {
    this.#settings = settings;
    const { ca, certificate, key } = settings;
    this.#agents = {
      http: new HttpAgent({ keepAlive: true }),
      https: new HttpsAgent({
        keepAlive: true,
        ...(ca !== undefined && { ca: contents(ca) }),
        ...(certificate !== undefined && { cert: contents(certificate) }),
        ...(key !== undefined && { key: contents(key) }),
      }),
    };
  }

  /** The endpoint in use. */
  get endpoint(): string {
    return this.#settings.endpoints[this.#index] as string;
  }

  /** How many endpoints there are. */
  get endpoints(): number {
    return this.#settings.endpoints.length;
  }

  /** Uses the next endpoint. Tokens are valid in the whole cluster, and stay. */
  rotate(): void {
    this.#index = (this.#index + 1) % this.#settings.endpoints.length;
  }

  /** One request and its answer. Rejects with StoreFailure. */
  async call(method: string, body: Json, signal?: AbortSignal): Promise<Record<string, unknown>> {
    return this.#withToken((token) => this.#call(method, body, token, signal));
  }

  /**
   * Sends a request with a streamed answer. Calls `onAnswer` for each part, and `onEnd` once, with the reason, unless
   * it was closed before.
   */
  stream(
    method: string,
    body: Json,
    onAnswer: (answer: Record<string, unknown>) => void,
    onEnd: (reason: string) => void,
  ): StoreStream {
    let open: ClientRequest | undefined;
    let ended = false;
    const end = (reason: string): void => {
      if (ended) return;
      ended = true;
      open?.destroy();
      onEnd(reason);
    };
    const begin = async (): Promise<void> => {
      const token = await this.#currentToken();
      if (ended) return;
      open = this.#request(method, JSON.stringify(body), token, (response) => {
        // A watch is normally silent; the pulse notices a node that is gone.
        response.setTimeout(0);
        readLines(response, (line) => {
          if (!ended) this.#part(line, onAnswer, end);
        });
        response.on('error', (error: Error) => end(this.#reason(error)));
        response.on('end', () => end(`${this.endpoint} ended the watch`));
      });
      open.on('error', (error) => end(this.#reason(error)));
      open.on('timeout', () => end(`${this.endpoint} did not answer within ${SILENCE / 1000} s`));
    };
    begin().catch((error: unknown) => end(error instanceof Error ? error.message : String(error)));
    return {
      close: () => {
        ended = true;
        open?.destroy();
      },
    };
  }

  /** Ends all connections. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #part(
    line: string,
    onAnswer: (answer: Record<string, unknown>) => void,
    end: (reason: string) => void,
  ): void {
    const answer = parsed(line);
    const result = answer?.['result'];
    if (isRecord(result)) onAnswer(result);
    else {
      const failure = failureOf(answer);
      if (failure !== undefined && isStale(failure)) this.#token = undefined;
      end(failure?.message ?? `${this.endpoint} answered with something else than JSON`);
    }
  }

  async #withToken<T>(work: (token: string | undefined) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#currentToken());
    } catch (error) {
      if (this.#token === undefined || !(error instanceof StoreFailure) || !isStale(error)) throw error;
      this.#token = undefined;
      return work(await this.#currentToken());
    }
  }

  /** The token of the user; undefined without a user. */
  async #currentToken(): Promise<string | undefined> {
    const { user, passwordFile } = this.#settings;
    if (user === undefined || passwordFile === undefined) return undefined;
    this.#token ??= this.#authenticate(user, passwordFile);
    try {
      return await this.#token;
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }

  async #authenticate(name: string, passwordFile: string): Promise<string> {
    // Read again, since the password may have changed.
    const password = contents(passwordFile)
      .toString('utf8')
      .replace(/\r?\n$/, '');
    const { token } = await this.#call('auth/authenticate', { name, password }, undefined);
    if (typeof token === 'string') return token;
    throw new StoreFailure(`${this.endpoint} returned no token for user ${name}`);
  }

  #call(
    method: string,
    body: Json,
    token: string | undefined,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(error instanceof StoreFailure ? error : new StoreFailure(this.#reason(error)));
      };
      const request = this.#request(
        method,
        JSON.stringify(body),
        token,
        (response) => {
          readAll(response).then((text) => {
            const answer = parsed(text);
            const failure = failureOf(answer);
            if (failure !== undefined) reject(failure);
            else if (answer === undefined)
              reject(
                new StoreFailure(
                  `${this.endpoint} answered ${response.statusCode ?? 0} without JSON: ${text.trim().slice(0, 200)}`,
                ),
              );
            else resolve(answer);
          }, fail);
        },
        signal,
      );
      request.on('error', fail);
      request.on('timeout', () => {
        request.destroy(new StoreFailure(`${this.endpoint} did not answer within ${SILENCE / 1000} s`));
      });
    });
  }

  #request(
    method: string,
    body: string,
    token: string | undefined,
    onResponse: (response: IncomingMessage) => void,
    signal?: AbortSignal,
  ): ClientRequest {
    const url = new URL(`/v3/${method}`, this.endpoint);
    const isSecure = url.protocol === 'https:';
    const start = isSecure ? httpsRequest : httpRequest;
    const request = start(
      url,
      {
        method: 'POST',
        agent: isSecure ? this.#agents.https : this.#agents.http,
        timeout: SILENCE,
        signal,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(token !== undefined && { authorization: token }),
        },
      },
      onResponse,
    );
    request.end(body);
    return request;
  }

  #reason(error: Error): string {
    const { code } = error as NodeJS.ErrnoException;
    return `${this.endpoint}: ${code ?? error.message}`;
  }
}

/** A file of the settings. */
function contents(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new AgentError('ERR_AGENT_FILE', `cannot read ${path} (${code}), which agent.source.etcd names`, {
      cause,
    });
  }
}
