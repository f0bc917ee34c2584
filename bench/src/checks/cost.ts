/** CPU time and memory of a process. */
export interface Cost {
  /** User and system time, in milliseconds. */
  readonly cpu: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
}

/** Answers every message of the parent with what this process has cost since the message before. */
export function reportCost(): void {
  let before = { user: 0, system: 0 };
  process.on('message', () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    process.send?.({ cpu: (user + system) / 1000, memory: process.memoryUsage.rss() } satisfies Cost);
  });
  process.on('disconnect', () => process.exit());
}
