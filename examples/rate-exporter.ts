// Metrics for Prometheus: node rate-exporter.js [PORT]
// Totals and connections, and the kernel's own rates, all read at the scrape.
import { createServer } from 'node:http';
import {
  Ipvs,
  METRICS_CONTENT_TYPES,
  metricsFormat,
  metricsText,
  readMetrics,
  type TableEntry,
} from '@ipvs-ts/ipvs';

const port = Number(process.argv[2] ?? 9100);
const ipvs = await Ipvs.open();

const server = createServer((request, response) => {
  if (request.url !== '/metrics') return void response.writeHead(404).end();
  const format = metricsFormat(request.headers.accept);
  readMetrics(ipvs).then(
    (reading) => {
      const text = metricsText(reading, { by: 'service', format, more: rates(reading.table) });
      response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPES[format] }).end(text);
    },
    (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
  );
});
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/metrics`));

/** Averages over about eight seconds, as the kernel works them out. */
function rates(table: readonly TableEntry[]): string {
  const lines = table.map(
    ({ service }) => `ipvs_connection_rate{service="${service.key}"} ${service.rates.connections}\n`,
  );
  return `# TYPE ipvs_connection_rate gauge\n# HELP ipvs_connection_rate Connections per second.\n${lines.join('')}`;
}
