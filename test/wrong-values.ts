/** Wrong values in place of each argument of a function. */

/** How the error of a getter begins. */
const GETTER = 'a getter was called';

/** Values of wrong types, and values far out of range, by their descriptions. */
export const WRONG_VALUES: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  true: true,
  NaN: Number.NaN,
  'a negative number': -1,
  'a fraction': 0.5,
  'a huge number': 1e300,
  infinity: Number.POSITIVE_INFINITY,
  'a bigint': 10n ** 400n,
  'a symbol': Symbol('x'),
  'empty text': '',
  'long text': 'x'.repeat(200_000),
  'text with NUL': 'a\0b',
  'a lone surrogate': '\ud800',
  'an empty object': {},
  'an object without a prototype': Object.create(null) as object,
  'an object with getters that throw': new Proxy(
    {},
    {
      get(_, name) {
        if (name === Symbol.toPrimitive || name === 'toJSON' || name === 'then') return undefined;
        throw new Error(`${GETTER}: ${String(name)}`);
      },
      ownKeys: () => ['trap'],
      getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 1 }),
    },
  ),
  'a list': [null, undefined, 7],
  'a frozen list': Object.freeze([]),
  'a map': new Map([['x', 1]]),
  'a function': () => 1,
  bytes: new Uint8Array(3),
  'an invalid date': new Date(Number.NaN),
};

/** A call with valid arguments, of which one after the other is replaced. */
export interface Call {
  readonly name: string;
  /** Makes the call; `values` are its arguments. */
  readonly call: (...values: never[]) => unknown;
  readonly values: readonly unknown[];
  /** Ends what a call has made. */
  readonly end?: (made: unknown) => unknown;
}

/** The result of a call that does not return in time. */
const HANGS = Symbol('hangs');

/** The mistakes of a function with wrong values; none if it accepts each of them or rejects it with a code. */
export async function mistakesOf({ name, call, values, end }: Call, milliseconds = 5000): Promise<string[]> {
  const found: string[] = [];
  for (const at of values.keys()) {
    for (const [what, value] of Object.entries(WRONG_VALUES)) {
      const all = values.map((each, index) => (index === at ? value : each)) as never[];
      const where = `${name}, argument ${at + 1}, ${what}`;
      try {
        const made = await Promise.race([call(...all), late(milliseconds)]);
        if (made === HANGS) found.push(`${where}: it hangs`);
        else await end?.(made);
      } catch (error) {
        const text = mistakeOf(error);
        if (text !== undefined) found.push(`${where}: ${text}`);
      }
    }
  }
  return found;
}

function mistakeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `it throws ${typeof error}`;
  // What a getter of the caller throws is the caller’s error.
  if (error.message.startsWith(GETTER)) return undefined;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !/^(ERR_(NETLINK|IPVS|AGENT)_[A-Z_]+|E[A-Z]+)$/.test(code))
    return `${error.name} without a code of ours: ${error.message.slice(0, 200)} ${(error.stack ?? '').split('\n')[1] ?? ''}`;
  if (error.message.length > 2000) return `a message of ${error.message.length} characters`;
  return undefined;
}

function late(milliseconds: number): Promise<typeof HANGS> {
  return new Promise((resolve) => setTimeout(() => resolve(HANGS), milliseconds).unref());
}
