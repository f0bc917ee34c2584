import { compareLives } from '../imports/compare-lives.js';
import { liveFiles } from '../imports/live-file.js';
import type { Scenario } from '../lab.js';

/** Imported files beside the programs that they are for, while servers die and return. */
export const importScenarios: readonly Scenario[] = [
  ...liveFiles('keepalived'),
  ...liveFiles('ldirectord'),
].map((file) => ({
  name: `import/${file.program}/${file.name}`,
  title: `${file.program} and the agent with the imported file: the same table while servers die and return`,
  run: (lab) => compareLives(lab, file),
}));
