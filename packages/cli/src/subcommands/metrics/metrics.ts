/** `metrics`: the table for Prometheus, once or at each scrape. */
import { type MetricsBy, type MetricsOptions, metricsText, readMetrics } from '@ipvs-ts/ipvs';
import type { Subcommand } from '../framework/subcommand.js';
import { UsageError } from '../framework/usage-error.js';

/** The record of the subcommand. */
export const METRICS_COMMAND: Subcommand = {
  name: 'metrics',
  operands: [],
  summary: 'print the metrics of the table for Prometheus, or serve them over HTTP',
  description: [
    'It prints the metrics once. With --listen it serves them at http://ADDRESS/metrics until a signal ends it, and reads the table at each scrape. Clients get Prometheus text, or OpenMetrics if they prefer it, as Prometheus does; /live answers while the program runs.',
    'ADDRESS is an address and a port: 127.0.0.1:9107 or [::1]:9107 for clients on this host, 0.0.0.0:9107 or [::]:9107 for all. The listener is read-only, has no password, and answers only requests for an address or the name of this host.',
    'A running agent serves the same metrics and its own (agent.listen.metrics of its document), without this command.',
  ],
  options: {
    listen: { value: 'ADDRESS', help: 'serve them over HTTP at ADDRESS; with port 0 the kernel chooses one' },
    openmetrics: { help: 'print OpenMetrics 1.0 instead of Prometheus text' },
    by: {
      value: 'WHAT',
      choices: ['destination', 'service'],
      help: 'print series for each destination (the default), or for services only, for large tables',
    },
  },
  statuses: { 0: 'printed; with --listen: ended by SIGINT, SIGTERM or SIGHUP', 1: 'error' },
  failure: 1,
  async run(args, io) {
    const by = (args.value('by') ?? 'destination') as MetricsBy;
    const listen = args.value('listen');
    if (listen !== undefined && args.has('openmetrics'))
      throw new UsageError(
        '--openmetrics is not for --listen: there each client chooses by its Accept header',
      );
    if (listen !== undefined) return (await import('./serve.js')).serve(listen, by, io);
    const format: MetricsOptions['format'] = args.has('openmetrics') ? 'openmetrics' : 'prometheus';
    await using ipvs = await io.open();
    await io.stdout.write(metricsText(await readMetrics(ipvs), { by, format }));
    return 0;
  },
};
