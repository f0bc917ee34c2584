import type { AcceptRule } from './accept-rule.js';
import type { Facts } from './facts.js';

/** `error`: clients of a service fail, or will fail. `warning`: they may fail, or what is displayed is wrong. */
export type Severity = 'error' | 'warning';

/** A value of the kernel's settings, by its path below /proc/sys: `net/ipv4/ip_forward`. */
export interface Setting {
  readonly path: string;
  readonly value: number;
}

/** What a check has found. */
export interface Sighting {
  /** Key of the service concerned; absent if it concerns all. */
  readonly service?: string;
  /** Key of the destination concerned. */
  readonly destination?: string;
  /** What was found, with its values. Sightings of a check with the same text are one finding. */
  readonly found: string;
  /** What sightings of one finding have in common, if it is not the text. */
  readonly cause?: string;
  /** Settings of the kernel that fix it without other effects: `--fix` may write them. */
  readonly settings?: readonly Setting[];
  /** Commands that fix it, in order; those of `settings` by default. Empty if no command can fix it; see `advice`. */
  readonly fix?: readonly string[];
  /** Rules of the firewall that fix it: those of all sightings of a finding become as few commands as possible. */
  readonly accept?: readonly AcceptRule[];
  /** Where to run the commands; on the director by default. */
  readonly on?: 'director' | 'destination';
  /** What an operator has to decide or do. */
  readonly advice?: string;
  /** Whether it is not certain: the finding says “perhaps”, and is a warning. */
  readonly perhaps?: boolean;
}

/** Whether a problem that was already found explains problems of a service, or of one of its destinations. */
export type Explained = (service: string, destination?: string) => boolean;

/** A check. It is pure: it returns sightings for facts. */
export interface Check {
  readonly id: string;
  /** The correct state, as one sentence. */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters. */
  readonly why: string;
  /** What a client notices if it is wrong. */
  readonly symptom: string;
  /** Whether it runs after all others: a symptom that is only reported if nothing else explains it. */
  readonly last?: boolean;
  /** Returns what it finds in the facts; nothing if they are correct. */
  readonly examine: (facts: Facts, explained: Explained) => Iterable<Sighting>;
}

/** A problem: one cause, with all affected services. */
export interface Finding {
  /** Id of the check that found it. */
  readonly id: string;
  readonly severity: Severity;
  /** Keys of the affected services; empty if it affects all, or none in particular. */
  readonly services: readonly string[];
  /** Keys of the affected destinations. */
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
