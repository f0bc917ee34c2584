import {
  checkChoice,
  checkInteger,
  checkName,
  checkObject,
  checkOptions,
  wrongType,
} from '../argument-checks.js';
import type { IpvsKernelOptions } from './options.js';
import { TRAITS } from './traits.js';

const INT_MAX = 0x7fff_ffff;
const MODULE_STATES = ['loaded', 'unloaded', 'absent'] as const;

/** Bytes of a name of a scheduler, engine or interface without its NUL. */
const LONGEST_NAME = 15;

type Check = (path: string, value: unknown) => unknown;

const boolean: Check = (path, value) => {
  if (typeof value !== 'boolean') throw wrongType(path, 'true or false', value);
};

const integer =
  (minimum: number, maximum: number): Check =>
  (path, value) =>
    checkInteger(path, value, minimum, maximum);

const choice =
  (choices: readonly string[]): Check =>
  (path, value) =>
    checkChoice(path, value, choices);

const names: Check = (path, value) => {
  if (!Array.isArray(value)) throw wrongType(path, 'an array of names', value);
  for (const [index, name] of value.entries()) checkName(`${path}[${index}]`, name, LONGEST_NAME);
};

const interfaces: Check = (path, value) => {
  checkObject(path, value);
  for (const [name, mtu] of Object.entries(value)) {
    checkName(`name of ${path}.${name}`, name, LONGEST_NAME);
    checkInteger(`${path}.${name}`, mtu, 68, INT_MAX);
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
  // Timeouts are kept in ticks of 32 bits: more than that a second would leave no room for one.
  hz: integer(1, INT_MAX),
  limitsThresholds: boolean,
  interfaces,
  now: (path, value) => {
    if (typeof value !== 'function') throw wrongType(path, 'a function that returns milliseconds', value);
  },
  chunkBytes: integer(1, INT_MAX),
  // 0 is the kernel's own port.
  portId: integer(1, 0xffff_ffff),
  loseDaemonAnswers: boolean,
};

/** Refuses options that no kernel could have: a `TypeError` or a `RangeError` that names the option and its range. */
export function checkKernelOptions(options: unknown): asserts options is IpvsKernelOptions {
  checkOptions('options', options, Object.keys(CHECKS));
  for (const [name, value] of Object.entries(options as object)) {
    if (value !== undefined) CHECKS[name as keyof IpvsKernelOptions](`options.${name}`, value);
  }
}
