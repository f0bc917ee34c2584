/** Steps to undo, the last one first. */
export class Cleanup {
  readonly #steps: { name: string; undo: () => Promise<void> }[] = [];

  /** Remember how to undo something. */
  add(name: string, undo: () => Promise<void>): void {
    this.#steps.push({ name, undo });
  }

  /** Undo everything, each step even if another fails; rejects with all failures together. */
  async run(): Promise<void> {
    const failures: Error[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.undo();
      } catch (cause) {
        failures.push(new Error(`could not remove ${step.name}`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
  }
}
