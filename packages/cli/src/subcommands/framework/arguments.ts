/** The arguments of a subcommand: `--long value`, `--long=value`, `-s value`, `--`, operands anywhere between. */
import { parseArgs } from 'node:util';
import type { SubcommandOption } from './subcommand-option.js';
import { nearest } from '@ipvs-ts/ipvs';
import { UsageError } from './usage-error.js';

/** The arguments that were read. */
export interface Arguments {
  readonly operands: readonly string[];
  /** Whether an option without a value is present. */
  has(name: string): boolean;
  /** The value of an option; undefined if it is absent. */
  value(name: string): string | undefined;
}

type Options = Readonly<Record<string, SubcommandOption>>;

/** Every command has it. */
export const HELP_OPTION: SubcommandOption = { short: 'h', help: 'show this text' };

/** Reads `args`. Throws {@link UsageError} for unknown options and wrong operands. */
export function readArguments(
  args: readonly string[],
  options: Options,
  operandNames: readonly string[],
): Arguments {
  const known: Options = { ...options, help: HELP_OPTION };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(known).map(([name, { short, value }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string | undefined>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    checkOption(token, known);
    if (values.has(token.name)) throw new UsageError(`${token.rawName} appears twice`);
    values.set(token.name, token.value);
  }
  if (!values.has('help')) checkOperands(operands, operandNames);
  return { operands, has: (name) => values.has(name), value: (name) => values.get(name) };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

function checkOption({ name, rawName, value }: OptionToken, options: Options): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const close = rawName.startsWith('--') ? nearest(name, Object.keys(options)) : undefined;
    throw new UsageError(
      `unknown option ${rawName}${close === undefined ? '' : `; did you mean --${close}?`}`,
    );
  }
  if (option.value === undefined && value !== undefined) throw new UsageError(`${rawName} takes no value`);
  if (option.value !== undefined && value === undefined)
    throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}`);
  if (option.choices !== undefined && value !== undefined && !option.choices.includes(value))
    throw new UsageError(`${rawName} ${value}: it is one of ${option.choices.join(', ')}`);
}

function checkOperands(operands: readonly string[], names: readonly string[]): void {
  const missing = names.slice(operands.length).find((name) => !name.startsWith('['));
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const several = names.some((name) => name.endsWith('…]'));
  if (!several && operands.length > names.length)
    throw new UsageError(`unexpected argument ${JSON.stringify(operands[names.length])}`);
}
