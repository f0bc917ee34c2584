import { setTimeout as delay } from 'node:timers/promises';
import type { Ipvs } from '@ipvs-ts/ipvs';
import { weightsOf } from '../table-keepers.js';

/** The weights of a service from a moment on; undefined: it was not there. */
export interface TableState {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly weights: Readonly<Record<string, number>> | undefined;
}

/** Milliseconds between two readings. */
const PERIOD = 20;

/** Reads the weights of a service again and again, and keeps what changed. */
export class TableWatch {
  readonly states: TableState[] = [];
  #on = true;
  readonly #reading: Promise<void>;

  constructor(ipvs: Ipvs, service: string) {
    this.#reading = this.#read(ipvs, service);
  }

  /** Weight that a destination has now; 0 where it is not in the table. */
  weight(destination: string): number {
    return this.states.at(-1)?.weights?.[destination] ?? 0;
  }

  has(destination: string): boolean {
    return this.states.at(-1)?.weights?.[destination] !== undefined;
  }

  async end(): Promise<void> {
    this.#on = false;
    await this.#reading;
  }

  async #read(ipvs: Ipvs, service: string): Promise<void> {
    while (this.#on) {
      const weights = await weightsOf(ipvs, service);
      const last = this.states.at(-1);
      if (last === undefined || JSON.stringify(weights) !== JSON.stringify(last.weights))
        this.states.push({ at: Date.now(), weights });
      await delay(PERIOD);
    }
  }
}
