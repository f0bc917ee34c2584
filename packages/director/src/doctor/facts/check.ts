import type { Facts } from './facts.js';

/** `error`: clients of a service fail, or will. `warning`: they may, or what is seen is not what is. */
export type Severity = 'error' | 'warning';

/** A value of the kernel's settings, by its path below /proc/sys: `net/ipv4/ip_forward`. */
export interface Setting {
  readonly path: string;
  readonly value: number;
}

/** What a check saw. */
export interface Sighting {
  /** Key of the service that it is about; absent if it is about all. */
  readonly service?: string;
  /** Key of the destination that it is about. */
  readonly destination?: string;
  /** What was found, with its values. Sightings of a check with the same text are one finding. */
  readonly found: string;
  /** What sightings have in common that are one finding, if it is not the text. */
  readonly cause?: string;
  /** Settings of the kernel that fix it and harm nothing else: `--fix` may write them. */
  readonly settings?: readonly Setting[];
  /** Commands that fix it, in their order; those of `settings` by default. Empty if no command can: `advice` says more. */
  readonly fix?: readonly string[];
  /** Where the commands are to be run: here by default. */
  readonly on?: 'director' | 'destination';
  /** What a person has to decide or do. */
  readonly advice?: string;
  /** Whether it is not certain: the finding says “perhaps”, and is a warning. */
  readonly perhaps?: boolean;
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
  /** Looked at after all others: a sign of trouble that is only reported if nothing else explains it. */
  readonly last?: boolean;
  /** What it sees in the facts: nothing where all is well. */
  readonly examine: (facts: Facts, explained: Explained) => Iterable<Sighting>;
}

/** A problem: one cause, with all services that suffer from it. */
export interface Finding {
  /** Id of the check that found it. */
  readonly id: string;
  readonly severity: Severity;
  /** Keys of the services that it is about; empty if it is about all, or about none in particular. */
  readonly services: readonly string[];
  /** Keys of the destinations that it is about. */
  readonly destinations: readonly string[];
  /** The service, if there is exactly one. */
  readonly service?: string;
  /** The destination, if there is exactly one. */
  readonly destination?: string;
  readonly found: string;
  readonly why: string;
  readonly symptom: string;
  /** Commands that fix it, in their order. */
  readonly fix: readonly string[];
  /** The settings of the kernel that `--fix` writes, if it is `safe`. */
  readonly settings: readonly Setting[];
  readonly on: 'director' | 'destination';
  readonly safe: boolean;
  /** Whether it is not certain. */
  readonly perhaps: boolean;
  readonly advice?: string;
}
