/** An open listener. */
export interface Open {
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/** Milliseconds until an address is tried again. */
const RETRY = 5000;

/** A TCP listener whose address follows the document in force. */
export class TcpListener {
  readonly #wanted: () => string | undefined;
  readonly #open: (endpoint: string) => Promise<Open>;
  readonly #warn: (text: string) => void;
  #opened: Open | undefined;
  #endpoint: string | undefined;
  #problem: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #changing: Promise<void> = Promise.resolve();

  /** `wanted`: the `address:port` to listen on; undefined if there is none. */
  constructor(
    wanted: () => string | undefined,
    open: (endpoint: string) => Promise<Open>,
    warn: (text: string) => void,
  ) {
    this.#wanted = wanted;
    this.#open = open;
    this.#warn = warn;
  }

  /** Follows a change of the address. */
  follow(): void {
    this.#changing = this.#changing.then(() => this.#change(this.#wanted()));
  }

  async close(): Promise<void> {
    await this.#changing;
    clearTimeout(this.#retry);
    await this.#stop();
  }

  async #change(endpoint: string | undefined): Promise<void> {
    clearTimeout(this.#retry);
    if (endpoint === this.#endpoint) return;
    await this.#stop();
    if (endpoint === undefined) return;
    try {
      this.#opened = await this.#open(endpoint);
      this.#endpoint = endpoint;
      this.#problem = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#problem) this.#warn(message);
      this.#problem = message;
      this.#retry = setTimeout(() => this.follow(), RETRY);
      this.#retry.unref();
    }
  }

  async #stop(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#endpoint = undefined;
    await opened?.close();
  }
}
