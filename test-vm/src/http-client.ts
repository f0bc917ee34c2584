import { request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { inside } from './inside.js';
import type { Namespace } from './namespace.js';

/**
 * The result of a request: the page, or why there is none (`refused`, `timeout`, `unreachable`, `reset`, `status 404`
 * …).
 */
export type Answer = { readonly page: string } | { readonly failure: string };

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
};

/** Options of a request. */
export interface FetchOptions {
  /** Time limit in seconds, 10 by default. */
  readonly limit?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The source address. */
  readonly source?: string | undefined;
  /** The source port. */
  readonly port?: number | undefined;
}

/** Fetch a URL (of an address, not a name) from a namespace, over a connection of its own. Never rejects. */
export function fetchPage(
  client: Namespace,
  url: string,
  { limit = 10, headers = {}, source, port: from }: FetchOptions = {},
): Promise<Answer> {
  const { hostname, port, pathname } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const createConnection = (): Socket =>
      dial(client, address, Number(port === '' ? 80 : port), source, from);
    const asked = request({
      path: pathname,
      headers: { host: hostname, ...headers },
      createConnection,
    });
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      asked.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, limit * 1000, { failure: 'timeout' });
    asked.on('error', ({ code = 'error' }: NodeJS.ErrnoException) => {
      end({ failure: REASONS[code] ?? code });
    });
    asked.on('response', (response) => {
      let page = '';
      response.setEncoding('utf8').on('data', (text: string) => (page += text));
      response.on('error', () => undefined);
      response.on('close', () => {
        if (!response.complete) end({ failure: 'reset' });
        else if (response.statusCode === 200) end({ page: page.trim() });
        else end({ failure: `status ${String(response.statusCode)}` });
      });
    });
    asked.end();
  });
}

/** Begins a TCP connection from a namespace. */
export function dial(
  client: Namespace,
  address: string,
  port: number,
  source?: string,
  from?: number,
): Socket {
  return inside(client.path, () =>
    connect({
      // Node looks names up, and connects to addresses in a later turn, which is too late here.
      host: 'server',
      port,
      ...(source !== undefined && { localAddress: source }),
      ...(from !== undefined && { localPort: from }),
      autoSelectFamily: false,
      lookup: (_host, _options, callback) => {
        callback(null, address, isIP(address));
      },
    }),
  );
}

/** An answer as one line of text. */
export function describeAnswer(answer: Answer): string {
  return 'page' in answer ? answer.page : `(no page: ${answer.failure})`;
}
