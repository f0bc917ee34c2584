import { type Ipvs, IpvsError } from '@ipvs-ts/ipvs';
import type { LoopEvent } from '../loop/events.js';

/** The running drains. */
export class Drains {
  readonly #open: () => Promise<Ipvs>;
  readonly #drains = new Map<string, AbortController>();

  /** `open`: the client of the kernel's table. */
  constructor(open: () => Promise<Ipvs>) {
    this.#open = open;
  }

  /** Drains a destination, and deletes it when its connections have ended or the timeout is over. */
  async run(service: string, destination: string, timeout: number): Promise<LoopEvent> {
    const key = `${service} ${destination}`;
    const abort = new AbortController();
    this.#drains.set(key, abort);
    const ended = (
      outcome: 'deleted' | 'gone' | 'stopped' | 'failed',
      left = 0,
      reason?: string,
    ): LoopEvent => ({
      kind: 'drained',
      service,
      destination,
      outcome,
      left,
      reason,
    });
    try {
      const ipvs = await this.#open();
      const { outcome } = await ipvs.drain(service, destination, {
        evenLast: true,
        timeout,
        signal: abort.signal,
      });
      return ended(outcome === 'gone' ? 'gone' : 'deleted');
    } catch (error) {
      if (abort.signal.aborted) return ended('stopped');
      if (isGone(error)) return ended('gone');
      if (!IpvsError.is(error, 'ERR_IPVS_DRAIN_TIMEOUT')) return ended('failed', 0, messageOf(error));
      return await this.#deleteNow(service, destination).then(
        (left) => ended('deleted', left),
        (failure: unknown) => (isGone(failure) ? ended('gone') : ended('failed', 0, messageOf(failure))),
      );
    } finally {
      if (this.#drains.get(key) === abort) this.#drains.delete(key);
    }
  }

  /** Stops a drain because the destination is declared again. */
  stop(service: string, destination: string): void {
    this.#drains.get(`${service} ${destination}`)?.abort();
  }

  /** Stops every drain; destinations keep weight 0. */
  stopAll(): void {
    for (const abort of this.#drains.values()) abort.abort();
  }

  /** Deletes a destination whose drain took too long; returns how many connections were left. */
  async #deleteNow(service: string, destination: string): Promise<number> {
    const ipvs = await this.#open();
    const found = (await ipvs.destinations(service)).find(({ key }) => key === destination);
    await ipvs.deleteDestination(service, destination);
    return (found?.activeConnections ?? 0) + (found?.inactiveConnections ?? 0);
  }
}

/** Whether the service or the destination of a request does not exist. */
export function isGone(error: unknown): boolean {
  return (
    IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND') || IpvsError.is(error, 'ERR_IPVS_DESTINATION_NOT_FOUND')
  );
}

/** The message of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
