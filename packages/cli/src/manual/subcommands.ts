/** Subcommands for completions. */
import { HELP_OPTION } from '../subcommands/framework/arguments.js';
import type { Subcommand } from '../subcommands/framework/subcommand.js';
import type { SubcommandOption } from '../subcommands/framework/subcommand-option.js';
import { HELP, SUBCOMMANDS } from '../subcommands/registry.js';
import type { LiveOperands } from './live-keys.js';
import type { Choices, Entry } from './vocabulary.js';

/** A subcommand with what may follow it. */
export interface SubcommandEntry {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Entry[];
  /** The choices of its operands, if they are known. */
  readonly operands: readonly string[] | undefined;
  /** Its operands that are names in the table. `destinations`: a service, then one of its destinations. */
  readonly live: LiveOperands | undefined;
  /** Whether services and destinations are those of the running agent, or of the table if there is none. */
  readonly ofAgent: boolean;
}

/** Loads the records of all subcommands. */
export function allSubcommands(): Promise<Subcommand[]> {
  return Promise.all(Object.values(SUBCOMMANDS).map((load) => load()));
}

/** Every subcommand, `help` among them. */
export function subcommandEntries(subcommands: readonly Subcommand[]): SubcommandEntry[] {
  const entries = subcommands.map(({ name, summary, options, operands: named, actions, names }) => ({
    name,
    description: summary,
    options: Object.entries({ ...options, help: HELP_OPTION }).map(([long, option]) => entry(long, option)),
    operands: actions === undefined ? undefined : Object.keys(actions),
    live: liveOperands(named),
    ofAgent: names === 'agent',
  }));
  const operands = subcommands.map(({ name }) => name);
  return [
    ...entries,
    { name: HELP, description: 'explain a command', options: [], operands, live: undefined, ofAgent: false },
  ];
}

function liveOperands(operands: readonly string[]): LiveOperands | undefined {
  if (operands.some((each) => /\bDESTINATION\b/.test(each))) return 'destinations';
  return operands.some((each) => /\bSERVICE\b/.test(each)) ? 'services' : undefined;
}

function entry(long: string, { short, value, choices, help }: SubcommandOption): Entry {
  const known: Choices = choices ?? (value === 'FILE' ? 'file' : undefined);
  return {
    long,
    shorts: short === undefined ? [] : [short],
    description: help,
    ...(value !== undefined && { argument: { optional: false, choices: known } }),
  };
}
