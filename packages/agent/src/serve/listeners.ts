import type { MetricsFormat } from '@ipvs-ts/ipvs';
import { type Exporter, openExporter } from '@ipvs-ts/ipvs/exporter';

/** What a listener serves, and where: the agent. */
export interface Listened {
  metricsText(format: MetricsFormat): Promise<string>;
  /** Whether the table was read and the document was tried. */
  readonly isReady: boolean;
  /** Why the director is not fit; empty if it is. */
  unfitness(): readonly string[];
  /** `address:port` of the document in force; undefined: no listener. */
  readonly listen: { readonly metrics: string | undefined };
  onEvent(listener: (event: { readonly kind: string }) => void): () => void;
  warn(text: string): void;
}

/** Milliseconds until an address is tried again. */
const RETRY = 5000;

/** The TCP listeners of the document in force: they follow it. */
export class Listeners {
  readonly #agent: Listened;
  readonly #unfollow: () => void;
  #exporter: Exporter | undefined;
  #endpoint: string | undefined;
  #problem: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #changing: Promise<void> = Promise.resolve();

  constructor(agent: Listened) {
    this.#agent = agent;
    this.#unfollow = agent.onEvent(({ kind }) => {
      if (kind === 'document') this.#follow();
    });
    this.#follow();
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    this.#unfollow();
    clearTimeout(this.#retry);
    await this.#changing;
    await this.#stop();
  }

  #follow(): void {
    this.#changing = this.#changing.then(() => this.#change(this.#agent.listen.metrics));
  }

  async #change(endpoint: string | undefined): Promise<void> {
    clearTimeout(this.#retry);
    if (endpoint === this.#endpoint) return;
    await this.#stop();
    if (endpoint === undefined) return;
    try {
      this.#exporter = await openExporter(endpoint, {
        metricsText: (format) => this.#agent.metricsText(format),
        unreadiness: () => unreadiness(this.#agent),
      });
      this.#exporter.unref();
      this.#endpoint = endpoint;
      this.#problem = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#problem) this.#agent.warn(message);
      this.#problem = message;
      this.#retry = setTimeout(() => this.#follow(), RETRY);
      this.#retry.unref();
    }
  }

  async #stop(): Promise<void> {
    const exporter = this.#exporter;
    this.#exporter = undefined;
    this.#endpoint = undefined;
    await exporter?.close();
  }
}

function unreadiness(agent: Listened): readonly string[] {
  return agent.isReady ? agent.unfitness() : ['the agent has not read the table and the document yet'];
}
