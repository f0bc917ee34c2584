// Metrics for Prometheus: node rate-exporter.js [PORT]
// Totals and connections in the OpenMetrics format, and the kernel's own rates, all read at the scrape.
import { createServer } from 'node:http';
import { Ipvs, metricsText, type TableEntry } from '@ipvs-ts/ipvs';

const port = Number(process.argv[2] ?? 9100);
const ipvs = await Ipvs.open();

const server = createServer((request, response) => {
  if (request.url !== '/metrics') return void response.writeHead(404).end();
  ipvs.table().then(
    (table) => {
      const text = metricsText(table, { by: 'service' }).replace('# EOF\n', `${rates(table)}# EOF\n`);
      response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0' }).end(text);
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
