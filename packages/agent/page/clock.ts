import type { Beat } from '../src/page/wire.js';

/** Without a beat for so long, what the page shows may be wrong, in milliseconds. */
const SILENCE = 5000;

/** The clock of the agent, as far as the page knows it. */
export class Clock {
  #beat: Beat | undefined;
  #heardAt = performance.now();

  beat(beat: Beat): void {
    this.#beat = beat;
    this.#heardAt = performance.now();
  }

  /** Whether the agent was ever heard. */
  get isSet(): boolean {
    return this.#beat !== undefined;
  }

  /** Milliseconds since the agent was heard last. */
  get silence(): number {
    return performance.now() - this.#heardAt;
  }

  get isSilent(): boolean {
    return this.silence > SILENCE;
  }

  /** Time of the agent's monotonic clock, in milliseconds: it stands still while the agent is silent. */
  get now(): number {
    return (this.#beat?.now ?? 0) + Math.min(this.silence, SILENCE);
  }

  /** Milliseconds since the kernel answered the agent. */
  get kernelSilence(): number {
    return this.#beat === undefined ? 0 : this.#beat.now - this.#beat.kernelAt;
  }

  /** Wall time of a monotonic time, on the agent's clock. */
  wall(at: number): Date {
    return new Date((this.#beat?.wall ?? 0) + at - (this.#beat?.now ?? 0));
  }
}
