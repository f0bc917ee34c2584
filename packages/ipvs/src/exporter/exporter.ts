import { addressOf, closeServer, openGuardedServer } from './guarded-server.js';
import { listenAddressText, parseListenAddress } from './listen-address.js';
import { type ExporterSource, MetricsHandler } from './metrics-handler.js';

/** A server of metrics. */
export interface Exporter {
  /** The address that it listens on, with the port that the kernel chose for 0: `127.0.0.1:9107`. */
  readonly address: string;
  /** Lets the process exit while it listens. */
  unref(): void;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/**
 * Serves metrics over HTTP at `listen`, an address and a port. `/metrics` is Prometheus text, or OpenMetrics for
 * clients whose `Accept` header prefers it; `/live` answers as long as the process does. It is read-only, checks the
 * `Host` header, and limits connections, headers and silence. Throws a `RangeError` for an address that is none, and
 * rejects with ERR_IPVS_LISTEN where it cannot listen.
 *
 * ```ts
 * const exporter = await openExporter('127.0.0.1:9107', {
 *   metricsText: async (format) => metricsText(await readMetrics(ipvs), { format }),
 * });
 * ```
 */
export async function openExporter(listen: string, source: ExporterSource): Promise<Exporter> {
  const address = parseListenAddress(listen);
  const handler = new MetricsHandler(source);
  const server = await openGuardedServer(
    address,
    (request, response) => void handler.respond(request, response),
  );
  return {
    address: listenAddressText(addressOf(server)),
    unref: () => void server.unref(),
    close: () => closeServer(server),
  };
}
