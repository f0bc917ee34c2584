import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { METRICS_CONTENT_TYPES, metricsFormat, type MetricsFormat } from '@ipvs-ts/ipvs';

/** What is asked over TCP. */
export interface MetricsSource {
  metricsText(format: MetricsFormat): Promise<string>;
  /** Whether the table was read and the document was tried. */
  readonly isReady: boolean;
  /** Why the director is not fit; empty if it is. */
  unfitness(): readonly string[];
}

/** Answers `/metrics`, `/live` and `/ready`, and nothing else. */
export class MetricsHandler {
  readonly #source: MetricsSource;
  /** One reading of the table serves all who scrape meanwhile. */
  readonly #scrapes = new Map<MetricsFormat, Promise<string>>();

  constructor(source: MetricsSource) {
    this.#source = source;
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    request.resume();
    const { method = '', url = '/', headers } = request;
    const path = url.split('?')[0];
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendText(response, 405, `${method} is not possible here: this listener only shows`);
    } else if (!isOwnHost(headers.host))
      sendText(response, 421, `${headers.host ?? ''} is not a name of this host; use its address`);
    else if (path === '/metrics') await this.#metrics(headers.accept, response);
    else if (path === '/live') sendText(response, 200, 'live');
    else if (path === '/ready') this.#ready(response);
    else sendText(response, 404, 'there are /metrics, /live and /ready');
  }

  async #metrics(accept: string | undefined, response: ServerResponse): Promise<void> {
    const format = metricsFormat(accept);
    try {
      const text = await this.#scrape(format);
      response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPES[format], 'Cache-Control': 'no-store' });
      response.end(text);
    } catch (error) {
      sendText(response, 503, error instanceof Error ? error.message : String(error));
    }
  }

  #scrape(format: MetricsFormat): Promise<string> {
    const running = this.#scrapes.get(format);
    if (running !== undefined) return running;
    const scrape = this.#source.metricsText(format).finally(() => this.#scrapes.delete(format));
    this.#scrapes.set(format, scrape);
    return scrape;
  }

  #ready(response: ServerResponse): void {
    const { isReady } = this.#source;
    const unfit = isReady
      ? this.#source.unfitness()
      : ['the agent has not read the table and the document yet'];
    if (unfit.length === 0) sendText(response, 200, 'ready');
    else sendText(response, 503, unfit.join('\n'));
  }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${text}\n`);
}

/**
 * Whether a Host header names this host: an address, localhost, or its name with any domain. A page of somebody else's
 * that lets its name lead here has another one. Programs that send none are no browsers.
 */
function isOwnHost(header: string | undefined): boolean {
  if (header === undefined) return true;
  const host = header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (isIP(host) !== 0 || host === 'localhost') return true;
  return host.split('.')[0] === hostname().split('.')[0]?.toLowerCase();
}
