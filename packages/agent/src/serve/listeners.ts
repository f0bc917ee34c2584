import { openExporter } from '@ipvs-ts/ipvs/exporter';
import { type Agent, driverOf } from '../io/agent.js';
import { type Open, TcpListener } from './tcp-listener.js';

/** The TCP listeners of the document in force: they follow it. */
export class Listeners {
  readonly #unfollow: () => void;
  readonly #listeners: readonly TcpListener[];

  constructor(agent: Agent) {
    const warn = (text: string): void => agent.warn(text);
    this.#listeners = [
      new TcpListener(
        () => agent.listen.metrics,
        (endpoint) => openMetrics(agent, endpoint),
        warn,
      ),
      new TcpListener(
        () => agent.listen.page,
        (endpoint) => openLivePage(agent, endpoint),
        warn,
      ),
    ];
    this.#unfollow = agent.onEvent(({ kind }) => {
      if (kind === 'document') this.#follow();
    });
    this.#follow();
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    this.#unfollow();
    await Promise.all(this.#listeners.map((each) => each.close()));
  }

  #follow(): void {
    for (const listener of this.#listeners) listener.follow();
  }
}

async function openMetrics(agent: Agent, endpoint: string): Promise<Open> {
  const exporter = await openExporter(endpoint, {
    metricsText: (format) => agent.metricsText(format),
    unreadiness: () => unreadiness(agent),
  });
  exporter.unref();
  return exporter;
}

/** The page is loaded only if a document uses it. */
async function openLivePage(agent: Agent, endpoint: string): Promise<Open> {
  const { openPage } = await import('./page-handler.js');
  const { LivePage } = await import('./live-page.js');
  return openPage(endpoint, () => unreadiness(agent), new LivePage(driverOf(agent)));
}

function unreadiness(agent: Agent): readonly string[] {
  return agent.isReady ? agent.unfitness() : ['the agent has not read the table and the document yet'];
}
