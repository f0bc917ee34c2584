import { argumentsOf } from '../argument-checks.js';
import { hrtime } from 'node:process';
import { sendUnixDatagram } from '@ipvs-ts/netlink';
import type { Agent } from '../io/agent.js';

/** Options of notifying systemd, or another service manager. */
export interface ServiceManagerOptions {
  /** The value of NOTIFY_SOCKET: a path, or `@name`; without it nothing is sent. */
  readonly socket: string | undefined;
  /** The value of WATCHDOG_USEC: the microseconds within which systemd expects a notification; none by default. */
  readonly watchdog?: number | undefined;
  /** Called with the reason when a notification cannot be sent, once until one succeeds. */
  readonly onProblem?: ((reason: string) => void) | undefined;
}

/** Milliseconds between two checks whether the state that systemd shows has changed. */
const STATUS_INTERVAL = 1000;
const LONGEST_STATUS = 500;

/**
 * The notification protocol of systemd, `sd_notify(3)`. READY=1 is sent after the first reading of the table and the
 * first document, successful or not. WATCHDOG=1 shows that the event loop runs and that the kernel has answered a
 * request, even with an error.
 */
export class ServiceManager {
  readonly #agent: Agent;
  readonly #options: ServiceManagerOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #isReady = false;
  #status = '';
  #fedBy: number;
  #failed = false;

  constructor(agent: Agent, options: ServiceManagerOptions) {
    argumentsOf.is('agent', agent, 'object');
    argumentsOf.is('options', options, 'object');
    this.#agent = agent;
    this.#options = options;
    this.#fedBy = agent.kernelAnsweredAt;
    if (options.socket === undefined) return;
    const { watchdog } = options;
    this.#timers.push(setInterval(() => this.#update(), STATUS_INTERVAL));
    if (watchdog !== undefined)
      this.#timers.push(setInterval(() => this.#feed(), Math.max(1, watchdog / 4000)));
    void agent.settled().then(() => this.#ready());
  }

  /** Reports that the document is being read again, until `work` has ended. */
  async reloading<T>(work: Promise<T>): Promise<T> {
    // systemd requires the time of CLOCK_MONOTONIC.
    this.#send(`RELOADING=1\nMONOTONIC_USEC=${hrtime.bigint() / 1000n}`);
    try {
      return await work;
    } finally {
      if (this.#isReady) this.#send(`READY=1\nSTATUS=${this.#statusNow()}`);
    }
  }

  /** Reports that the agent is stopping. */
  stopping(): void {
    this.#end();
    this.#send('STOPPING=1\nSTATUS=stopping; the table stays as it is');
  }

  #end(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  #ready(): void {
    if (this.#timers.length === 0) return;
    this.#isReady = true;
    this.#send(`READY=1\nSTATUS=${this.#statusNow()}`);
  }

  #update(): void {
    const before = this.#status;
    if (this.#statusNow() !== before) this.#send(`STATUS=${this.#status}`);
  }

  #statusNow(): string {
    this.#status = this.#agent.summary().replaceAll('\n', ' ').slice(0, LONGEST_STATUS);
    return this.#status;
  }

  /** A timer shows that the event loop runs; an answer since the last time shows that the kernel can be reached. */
  #feed(): void {
    const { kernelAnsweredAt } = this.#agent;
    if (kernelAnsweredAt > this.#fedBy) this.#send('WATCHDOG=1');
    // A short watchdog expires before the agent reads the table again.
    else this.#agent.lookNow();
    this.#fedBy = kernelAnsweredAt;
  }

  #send(text: string): void {
    const { socket, onProblem } = this.#options;
    if (socket === undefined) return;
    try {
      sendUnixDatagram(socket, Buffer.from(text, 'utf8'));
      this.#failed = false;
    } catch (error) {
      if (!this.#failed)
        onProblem?.(
          `cannot notify the service manager: ${error instanceof Error ? error.message : String(error)}`,
        );
      this.#failed = true;
    }
  }
}
