import type { Facts } from './facts.js';

/** `error`: clients of a service fail, or will. `warning`: they may, or what is seen is not what is. */
export type Severity = 'error' | 'warning';

/** What a check saw. */
export interface Sighting {
  /** Key of the service that it is about; absent if it is about all. */
  readonly service?: string;
  /** Key of the destination that it is about. */
  readonly destination?: string;
  /** What was found, with its values. */
  readonly found: string;
  /** Commands that fix it, in their order. Empty if no command can, or none is known: then `advice` says more. */
  readonly fix: readonly string[];
  /** Where the commands are to be run: here by default. */
  readonly on?: 'director' | 'destination';
  /** What a person has to decide or do. */
  readonly advice?: string;
  /** Whether `--fix` may run the commands: settings of the kernel that harm nothing else. */
  readonly safe?: boolean;
}

/** Whether a problem that was found already explains trouble of a service, or of one destination of it. */
export type Explained = (service: string, destination?: string) => boolean;

/** One thing to look at. Pure: facts in, sightings out. */
export interface Check {
  readonly id: string;
  /** What is right, as one sentence. */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters. */
  readonly why: string;
  /** How it shows itself to a client, if it is wrong. */
  readonly symptom: string;
  /** Looked at after all others: a sign of trouble that is only told if nothing else explains it. */
  readonly last?: boolean;
  /** What it sees in the facts: nothing where all is well. */
  readonly examine: (facts: Facts, explained: Explained) => Iterable<Sighting>;
}

/** A problem. */
export interface Finding extends Required<Pick<Sighting, 'fix' | 'on' | 'safe' | 'found'>> {
  /** Id of the check that found it. */
  readonly id: string;
  readonly severity: Severity;
  readonly service?: string;
  readonly destination?: string;
  readonly why: string;
  readonly symptom: string;
  readonly advice?: string;
}
