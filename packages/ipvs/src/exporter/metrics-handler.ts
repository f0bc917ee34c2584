import type { IncomingMessage, ServerResponse } from 'node:http';
import { METRICS_CONTENT_TYPES, metricsFormat, type MetricsFormat } from '../format/metrics-text.js';
import { isOwnHost } from './own-host.js';

/** What an exporter serves. */
export interface ExporterSource {
  /** Returns the text of `/metrics`. If it rejects, the answer has status 503 and the error's message. */
  metricsText(format: MetricsFormat): Promise<string>;
  /** Returns why this host is not ready for clients, for `/ready`; empty if it is. If absent, there is no `/ready`. */
  unreadiness?(): readonly string[];
}

/** Answers `/metrics`, `/live` and, if the source has `unreadiness`, `/ready`; nothing else. */
export class MetricsHandler {
  readonly #source: ExporterSource;
  /** Requests during a reading of the table share it. */
  readonly #scrapes = new Map<MetricsFormat, Promise<string>>();

  constructor(source: ExporterSource) {
    this.#source = source;
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    request.resume();
    const { method = '', url = '/', headers } = request;
    const path = url.split('?')[0];
    const unready = path === '/ready' ? this.#source.unreadiness?.() : undefined;
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendText(response, 405, `${method} is not possible here: this listener only shows`);
    } else if (!isOwnHost(headers.host))
      sendText(response, 421, `${headers.host ?? ''} is not a name of this host; use its address`);
    else if (path === '/metrics') await this.#metrics(headers.accept, response);
    else if (path === '/live') sendText(response, 200, 'live');
    else if (unready?.length === 0) sendText(response, 200, 'ready');
    else if (unready !== undefined) sendText(response, 503, unready.join('\n'));
    else sendText(response, 404, `there are ${this.#paths()}`);
  }

  #paths(): string {
    return this.#source.unreadiness === undefined ? '/metrics and /live' : '/metrics, /live and /ready';
  }

  async #metrics(accept: string | undefined, response: ServerResponse): Promise<void> {
    const format = metricsFormat(accept);
    try {
      const text = await this.#scrape(format);
      response.writeHead(200, {
        'Content-Type': METRICS_CONTENT_TYPES[format],
        'Cache-Control': 'no-store',
        Vary: 'Accept',
      });
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
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${text}\n`);
}
