/** Commands and options for completions: their spellings, and which options a command takes. */
import { SCHEDULERS } from '@ipvs-ts/ipvs';
import { DAEMON_STATES, SCHEDULER_FLAG_TABLE } from '@ipvs-ts/ipvs/verbs-sync';
import { type Command, type CommandName, COMMANDS, TUNNEL_RULES } from '../ipvsadm/language/commands.js';
import { type Option, type OptionName, OPTIONS } from '../ipvsadm/language/options.js';
import { COMMAND_DESCRIPTIONS, OPTION_DESCRIPTIONS } from './descriptions.js';

/** A command or an option that completions offer. */
export interface Entry {
  readonly long: string;
  readonly shorts: readonly string[];
  readonly description: string;
  /** Its argument: absent if it takes none. */
  readonly argument?: { readonly optional: boolean; readonly choices: Choices };
}

/** The choices of an argument: these words, an interface of the host, a file, or unknown. */
export type Choices = readonly string[] | 'interface' | 'file' | undefined;

/** A command with the options it takes. */
export interface CommandEntry extends Entry {
  readonly options: readonly Entry[];
}

const CHOICES: Partial<Record<OptionName, Choices>> = {
  scheduler: SCHEDULERS,
  pe: ['sip'],
  'tun-type': Object.keys(TUNNEL_RULES),
  'sched-flags': SCHEDULER_FLAG_TABLE.map(({ name }) => name),
  'mcast-interface': 'interface',
};

/** Every command. */
export const COMMAND_ENTRIES: readonly CommandEntry[] = COMMANDS.map((command) => ({
  long: command.long,
  shorts: command.shorts,
  description: COMMAND_DESCRIPTIONS[command.long].short,
  ...(command.argument !== 'none' && { argument: { optional: false, choices: DAEMON_STATES } }),
  options: optionsOf(command).map(optionEntry),
}));

/** The spellings of an entry, short letters first. */
export function spellings({ long, shorts }: Pick<Entry, 'long' | 'shorts'>): string[] {
  return [...shorts.map((letter) => `-${letter}`), `--${long}`];
}

/** The options that a command takes, in the table's order. */
export function optionsOf(command: Command & { long: CommandName }): (Option & { long: OptionName })[] {
  const { required = [], allowed = [], exclusive = [] } = command;
  const taken = new Set([...required, ...allowed, ...exclusive]);
  // Options without a class are accepted everywhere, but are useful only with marks and listings.
  return OPTIONS.filter(({ class: cls, long }) => {
    if (cls !== undefined) return taken.has(cls);
    return long === 'sort' ? command.long === 'list' : taken.has('service-address');
  });
}

function optionEntry({ long, short, argument }: Option & { long: OptionName }): Entry {
  return {
    long,
    shorts: short === undefined ? [] : [short],
    description: OPTION_DESCRIPTIONS[long].short,
    ...(argument !== 'none' && { argument: { optional: argument === 'optional', choices: CHOICES[long] } }),
  };
}
