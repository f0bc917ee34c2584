/** `metrics --listen`: serves metrics until there is a signal. */
import { once } from 'node:events';
import { type Ipvs, type MetricsBy, type MetricsFormat, metricsText, readMetrics } from '@ipvs-ts/ipvs';
import { type ExporterSource, openExporter, parseListenAddress } from '@ipvs-ts/ipvs/exporter';
import type { SubcommandIo } from '../framework/io.js';
import { UsageError } from '../framework/usage-error.js';
import { visible } from '../framework/visible.js';

/** Serves metrics, and returns the exit status after a signal. */
export async function serve(listen: string, by: MetricsBy, io: SubcommandIo): Promise<number> {
  checkAddress(listen);
  await using ipvs = await io.open();
  const exporter = await openExporter(listen, new ReportedSource(ipvs, by, io));
  try {
    await io.stderr.write(`${io.programName} metrics: http://${exporter.address}/metrics\n`);
    if (!io.signal.aborted) await once(io.signal, 'abort');
  } finally {
    await exporter.close();
  }
  return 0;
}

/** A wrong address is a mistake in the arguments. */
function checkAddress(listen: string): void {
  try {
    parseListenAddress(listen, '--listen');
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Metrics of the table. An error of reading it is printed once, not at each scrape. */
class ReportedSource implements ExporterSource {
  readonly #ipvs: Ipvs;
  readonly #by: MetricsBy;
  readonly #io: SubcommandIo;
  #problem: string | undefined;

  constructor(ipvs: Ipvs, by: MetricsBy, io: SubcommandIo) {
    this.#ipvs = ipvs;
    this.#by = by;
    this.#io = io;
  }

  async metricsText(format: MetricsFormat): Promise<string> {
    try {
      const text = metricsText(await readMetrics(this.#ipvs), { by: this.#by, format });
      if (this.#problem !== undefined) await this.#report('the table can be read again');
      this.#problem = undefined;
      return text;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#problem) await this.#report(message);
      this.#problem = message;
      throw error;
    }
  }

  async #report(text: string): Promise<void> {
    if (!this.#io.signal.aborted)
      await this.#io.stderr.write(`${this.#io.programName} metrics: ${visible(text)}\n`);
  }
}
