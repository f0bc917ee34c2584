import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeServer, isOwnHost, openGuardedServer, parseListenAddress } from '@ipvs-ts/ipvs/exporter';
import type { LivePage } from './live-page.js';
import { RequestBudget } from './request-budget.js';
import type { Open } from './tcp-listener.js';

/** The most destinations in one request. */
const MOST_ASKED = 200;

/** The parts of a page: streams and details. */
type PageParts = Pick<LivePage, 'open' | 'details' | 'close'>;

/**
 * Serves the page at `address:port`. `unreadiness`: why this director is not ready; empty if it is. A page that does not
 * read is disconnected by the time limit of the server, since nothing is written to it. Rejects with ERR_IPVS_LISTEN.
 */
export async function openPage(
  endpoint: string,
  unreadiness: () => readonly string[],
  page: PageParts,
): Promise<Open> {
  const handler = new PageHandler(unreadiness, page);
  try {
    const server = await openGuardedServer(
      parseListenAddress(endpoint),
      (request, response) => void handler.respond(request, response),
    );
    server.unref();
    return {
      close: async () => {
        page.close();
        await closeServer(server);
      },
    };
  } catch (error) {
    page.close();
    throw error;
  }
}

/** Answers requests of the page. */
class PageHandler {
  readonly #unreadiness: () => readonly string[];
  readonly #page: PageParts;
  readonly #budget = new RequestBudget();

  constructor(unreadiness: () => readonly string[], page: PageParts) {
    this.#unreadiness = unreadiness;
    this.#page = page;
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    request.resume();
    const { method = '', url = '/', headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendText(response, 405, `${method} is not possible here: this listener only shows`);
      return;
    }
    if (!isOwnHost(headers.host)) {
      sendText(response, 421, `${headers.host ?? ''} is not a name of this host; use its address`);
      return;
    }
    if (!URL.canParse(url, 'http://agent')) {
      sendText(response, 400, 'this is not a path');
      return;
    }
    if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
      sendText(response, 403, 'pages of other sites get nothing here');
      return;
    }
    const now = performance.now();
    if (!this.#budget.allows(now)) {
      response.setHeader('Retry-After', '1');
      sendText(response, 429, 'too many requests; ask again in a second');
      return;
    }
    try {
      await this.#answer(request, response, new URL(url, 'http://agent'));
    } catch (error) {
      // The agent continues after any error of the page.
      if (response.headersSent) response.destroy();
      else sendText(response, 500, error instanceof Error ? error.message : String(error));
    }
    this.#budget.spend(performance.now() - now);
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, searchParams }: URL,
  ): Promise<void> {
    const unready = pathname === '/ready' ? this.#unreadiness() : undefined;
    if (pathname === '/') await sendPage(response);
    else if (pathname === '/stream') this.#stream(request, response, searchParams.get('after'));
    else if (pathname === '/details') this.#details(response, searchParams);
    else if (pathname === '/live') sendText(response, 200, 'live');
    else if (unready?.length === 0) sendText(response, 200, 'ready');
    else if (unready !== undefined) sendText(response, 503, unready.join('\n'));
    else sendText(response, 404, 'there are /, /stream, /details, /live and /ready');
  }

  #stream({ method, headers }: IncomingMessage, response: ServerResponse, after: string | null): void {
    if (method === 'HEAD') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' }).end();
      return;
    }
    const last = headers['last-event-id'] ?? after ?? undefined;
    this.#page.open(response, Array.isArray(last) ? last[0] : last);
  }

  #details(response: ServerResponse, query: URLSearchParams): void {
    const service = query.get('service') ?? '';
    const names = (query.get('destinations') ?? '').split(',').filter((name) => name !== '');
    if (names.length > MOST_ASKED) {
      sendText(response, 400, `destinations has ${names.length} names, more than ${MOST_ASKED}`);
      return;
    }
    const details = this.#page.details(service, names);
    if (details === undefined) {
      sendText(response, 404, 'the document in force has no such service');
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(`${JSON.stringify({ destinations: details })}\n`);
  }
}

async function sendPage(response: ServerResponse): Promise<void> {
  const { PAGE, PAGE_POLICY } = await import('./page-file.js');
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': PAGE_POLICY,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  response.end(PAGE);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(`${text}\n`);
}
