/**
 * Metrics over HTTP for Prometheus, as `ipvs-ts metrics --listen` and the agent serve them.
 *
 * @packageDocumentation
 */
export { type Exporter, openExporter } from './exporter/exporter.js';
export { closeServer, openGuardedServer } from './exporter/guarded-server.js';
export { type ListenAddress, parseListenAddress } from './exporter/listen-address.js';
export type { ExporterSource } from './exporter/metrics-handler.js';
export { isOwnHost } from './exporter/own-host.js';
