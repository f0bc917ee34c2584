import type { Message } from '../src/page/view/page-model.js';

const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 5000;
/** A stream that is silent for so long is opened again, in milliseconds. */
const SILENCE = 12_000;

/** The stream of the agent's messages: it is opened again when it ends, and goes on where it was. */
export class Stream {
  readonly #receive: (message: Message, id: string) => void;
  #source: EventSource | undefined;
  #last = '';
  #pause = SHORTEST_PAUSE;
  #watchdog = 0;

  constructor(receive: (message: Message, id: string) => void) {
    this.#receive = receive;
  }

  open(): void {
    const source = new EventSource(this.#last === '' ? 'stream' : `stream?after=${this.#last}`);
    this.#source = source;
    for (const kind of ['beat', 'snapshot', 'change'] as const)
      source.addEventListener(kind, (event: MessageEvent<string>) => {
        this.#heard();
        if (kind !== 'beat') this.#last = event.lastEventId;
        this.#receive({ kind, data: JSON.parse(event.data) as unknown } as Message, this.#last);
      });
    source.addEventListener('error', () => this.#again());
    this.#watch();
  }

  #heard(): void {
    this.#pause = SHORTEST_PAUSE;
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#again(), SILENCE);
  }

  #again(): void {
    this.#source?.close();
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.open(), this.#pause);
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }
}
