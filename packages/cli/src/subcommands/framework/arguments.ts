/** The arguments of a subcommand: `--long value`, `--long=value`, `-s value`, `--`, operands anywhere between. */
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
  const values = new Map<string, string | undefined>();
  const operands: string[] = [];
  for (const token of tokensOf(args, known)) {
    if (token.operand !== undefined) {
      operands.push(token.operand);
      continue;
    }
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

/** An operand, or an option as it was written, with its value if it has one. */
export type Token =
  | { readonly operand: string }
  | {
      readonly operand?: undefined;
      /** The long name; for an unknown short option its letter. */
      readonly name: string;
      readonly rawName: string;
      readonly value: string | undefined;
    };

/**
 * The operands and options of `args`, as Node's `parseArgs` finds them. Node compiles `parseArgs` anew in every process, which costs a
 * thirtieth of its start. An unknown option has a value only if it is in the same argument.
 */
export function tokensOf(args: readonly string[], options: Options): Token[] {
  const tokens: Token[] = [];
  const takesValue = (name: string): boolean =>
    Object.hasOwn(options, name) && options[name]?.value !== undefined;
  const rest = [...args];
  for (let at = 0; at < rest.length; at++) {
    const arg = rest[at] ?? '';
    if (arg === '--') {
      for (const operand of rest.slice(at + 1)) tokens.push({ operand });
      break;
    }
    if (arg.length < 2 || !arg.startsWith('-')) {
      tokens.push({ operand: arg });
      continue;
    }
    const isLong = arg.startsWith('--');
    // As in Node, an equals sign right after the dashes belongs to the name, unless another one follows.
    const end = isLong && arg.includes('=', 3) ? arg.indexOf('=') : -1;
    const name = isLong ? arg.slice(2, end === -1 ? undefined : end) : longName(arg.charAt(1), options);
    if (end !== -1) tokens.push({ name, rawName: arg.slice(0, end), value: arg.slice(end + 1) });
    else if (isLong || arg.length === 2)
      // The value is the next argument, whatever that is.
      tokens.push({ name, rawName: arg, value: takesValue(name) ? rest[++at] : undefined });
    else if (takesValue(name)) tokens.push({ name, rawName: arg.slice(0, 2), value: arg.slice(2) });
    else rest.splice(at--, 1, ...separate(arg, (letter) => takesValue(longName(letter, options))));
  }
  return tokens;
}

/** `-abc` as `-a`, `-b` and `-c`; what follows a letter that takes a value is its value. */
function separate(arg: string, takesValue: (letter: string) => boolean): string[] {
  const separated: string[] = [];
  for (let at = 1; at < arg.length; at++) {
    if (takesValue(arg.charAt(at))) return [...separated, `-${arg.slice(at)}`];
    separated.push(`-${arg.charAt(at)}`);
  }
  return separated;
}

/** The name of the option with this letter; the letter if there is none. */
function longName(letter: string, options: Options): string {
  for (const name of Object.keys(options)) if (options[name]?.short === letter) return name;
  return letter;
}
