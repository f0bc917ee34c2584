import { AgentError } from '../errors.js';
import type { Happening } from '../loop/events.js';
import type { World } from '../loop/world.js';
import { unfitness } from '../report/status.js';
import { TrackFile } from './track-file.js';

/** Reports whether the director is fit, and writes it to the file that keepalived tracks. */
export class Fitness {
  readonly #writes: boolean;
  readonly #report: (happening: Happening) => void;
  readonly #trackFile = new TrackFile();
  #unfit: string | undefined;
  #problem: string | undefined;

  /** `writes`: whether to write the track file of the document. */
  constructor(writes: boolean, report: (happening: Happening) => void) {
    this.#writes = writes;
    this.#report = report;
  }

  /** Reports and writes what has changed. */
  show(world: World, now: number): void {
    const isKnown = world.table !== undefined && world.sourceTried && world.next === undefined;
    const reasons = unfitness(world);
    if (isKnown && reasons.join() !== this.#unfit) {
      this.#unfit = reasons.join();
      const text =
        reasons.length === 0 ? 'the director is fit' : `the director is not fit: ${reasons.join('; ')}`;
      this.#report({ at: now, kind: 'fitness', text });
    }
    if (!this.#writes) return;
    try {
      this.#trackFile.update(world.declared?.agent.trackFile, isKnown ? reasons.length === 0 : undefined);
      this.#problem = undefined;
    } catch (error) {
      if (!AgentError.is(error)) throw error;
      if (this.#problem !== error.message) this.#report({ at: now, kind: 'warning', text: error.message });
      this.#problem = error.message;
    }
  }
}
