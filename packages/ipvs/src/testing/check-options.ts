import {
  checkOptions,
  choiceMistake,
  integerMistake,
  type Mistake,
  nameMistake,
  objectMistake,
  THROW,
} from '../argument-checks.js';
import { inside, type Place } from '../place.js';
import type { IpvsKernelOptions } from './options.js';
import { TRAITS } from './traits.js';

const INT_MAX = 0x7fff_ffff;
const MODULE_STATES = ['loaded', 'unloaded', 'absent'] as const;

/** Bytes of a name of a scheduler, engine or interface without its NUL. */
const LONGEST_NAME = 15;

/** Throws a `TypeError` or a `RangeError` for a value that the option cannot have. */
type Check = (place: Place, value: unknown) => void;

const checkedBy =
  (mistakeIn: (value: unknown) => Mistake | undefined): Check =>
  (place, value) =>
    refuse(place, mistakeIn(value));

const boolean = checkedBy((value) =>
  typeof value === 'boolean' ? undefined : { kind: 'type', allowed: 'true or false', value },
);

const integer = (minimum: number, maximum: number): Check =>
  checkedBy((value) => integerMistake(value, minimum, maximum));

const choice = (choices: readonly string[]): Check => checkedBy((value) => choiceMistake(value, choices));

const names: Check = (place, value) => {
  if (!Array.isArray(value)) {
    refuse(place, { kind: 'type', allowed: 'an array of names', value });
    return;
  }
  for (const [index, name] of value.entries()) refuse(inside(place, index), nameMistake(name, LONGEST_NAME));
};

const interfaces: Check = (place, value) => {
  refuse(place, objectMistake(value));
  for (const [name, mtu] of Object.entries(value as object)) {
    refuse('a name in options.interfaces', nameMistake(name, LONGEST_NAME));
    refuse(inside(place, name), integerMistake(mtu, 68, INT_MAX));
  }
};

/** What each option may be. */
const CHECKS: Readonly<Record<keyof IpvsKernelOptions, Check>> = {
  kernel: choice(Object.keys(TRAITS)),
  machine: choice(Object.keys(TRAITS['6.1'])),
  module: choice(MODULE_STATES),
  permission: boolean,
  ipv6: boolean,
  addresses: boolean,
  schedulers: names,
  engines: names,
  // Timeouts are stored in ticks of 32 bits: with more ticks a second, not one second would fit.
  hz: integer(1, INT_MAX),
  limitsThresholds: boolean,
  interfaces,
  now: checkedBy((value) =>
    typeof value === 'function'
      ? undefined
      : { kind: 'type', allowed: 'a function that returns milliseconds', value },
  ),
  chunkBytes: integer(1, INT_MAX),
  // 0 is the kernel's own port.
  portId: integer(1, 0xffff_ffff),
  loseDaemonAnswers: boolean,
};

/**
 * Throws for options that no kernel could have: a `TypeError` or a `RangeError` that names the option and its range.
 */
export function checkKernelOptions(options: unknown): asserts options is IpvsKernelOptions {
  checkOptions('options', options, Object.keys(CHECKS));
  for (const [name, value] of Object.entries(options as object))
    if (value !== undefined) CHECKS[name as keyof IpvsKernelOptions](inside('options', name), value);
}

function refuse(place: Place, mistake: Mistake | undefined): void {
  if (mistake !== undefined) THROW.add(place, mistake);
}
