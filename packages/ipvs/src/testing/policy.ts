import { ERRNO, attribute, attributeSet, type Definition, type Codec, u32, u64 } from '@ipvs-ts/netlink';

/**
 * What the kernel's attribute policy requires of a payload, derived from the line of the table:
 * - `integer`: at least so many bytes, the first of which count;
 * - `string`: a NUL after at most so many bytes, and no more than that and the NUL;
 * - `upTo`: at most so many bytes, the missing ones zero;
 * - `atLeast`: so many bytes or more;
 * - `nest`: nothing, or room for a header;
 * - `any`: whatever comes.
 */
export interface Rule {
  readonly type: 'integer' | 'string' | 'upTo' | 'atLeast' | 'nest' | 'any';
  readonly bytes: number;
}

const rules = new WeakMap<Definition, Rule>();

export function ruleOf(definition: Definition): Rule {
  let rule = rules.get(definition);
  if (rule === undefined) rules.set(definition, (rule = makeRule(definition)));
  return rule;
}

function makeRule({ uapi, kind }: Definition): Rule {
  // The kernel's tables have no line for it, since it is in replies only. STATS has one nevertheless.
  if (uapi === 'STATS64') return { type: 'any', bytes: 0 };
  if (typeof kind === 'object' && kind !== null && 'set' in kind) return { type: 'nest', bytes: 0 };
  const { minimum, accepts } = kind as Codec<unknown>;
  if (accepts(0) || accepts(0n)) return { type: 'integer', bytes: minimum };
  if (accepts('')) return { type: 'string', bytes: longest((length) => accepts('x'.repeat(length))) };
  if (!accepts(new Uint8Array(minimum))) return { type: 'upTo', bytes: minimum };
  if (minimum > 0) return { type: 'atLeast', bytes: minimum };
  return { type: 'upTo', bytes: longest((length) => accepts(new Uint8Array(length))) };
}

function longest(accepts: (length: number) => boolean): number {
  let length = 0;
  while (accepts(length + 1)) length++;
  return length;
}

/** 0, or the errno for the payload of `length` bytes at `start`. */
export function violation({ type, bytes }: Rule, view: DataView, start: number, length: number): number {
  switch (type) {
    case 'integer':
    case 'atLeast':
      return length < bytes ? ERRNO.ERANGE : 0;
    case 'upTo':
      return length > bytes ? ERRNO.ERANGE : 0;
    case 'nest':
      return length > 0 && length < 4 ? ERRNO.ERANGE : 0;
    case 'string':
      return stringViolation(bytes, view, start, length);
    case 'any':
      return 0;
  }
}

/** One NUL at the end does not count as a character; what follows an earlier one does. */
function stringViolation(bytes: number, view: DataView, start: number, length: number): number {
  if (!hasNul(view, start, Math.min(length, bytes + 1))) return ERRNO.EINVAL;
  const characters = view.getUint8(start + length - 1) === 0 ? length - 1 : length;
  return characters > bytes ? ERRNO.ERANGE : 0;
}

function hasNul(view: DataView, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if (view.getUint8(at) === 0) return true;
  return false;
}

/** `NL_POLICY_TYPE_ATTR_*`: the kernel's description of a rule. */
export const POLICY = attributeSet('policy', {
  type: attribute(1, 'TYPE', u32, 'type of the attribute'),
  minimum: attribute(4, 'MIN_VALUE_U', u64, 'smallest value'),
  maximum: attribute(5, 'MAX_VALUE_U', u64, 'largest value'),
  maximumLength: attribute(7, 'MAX_LENGTH', u32, 'most bytes'),
});

/** PAD in the same set. */
export const POLICY_PAD = 11;

/** The kernel's description of a rule, in its order; undefined for rules that it does not describe. */
export function describeRule({
  type,
  bytes,
}: Rule): [keyof typeof POLICY.attributes, number | bigint][] | undefined {
  if (type === 'nest') return [['type', 13]];
  if (type === 'string')
    return [
      ['maximumLength', bytes],
      ['type', 12],
    ];
  if (type === 'upTo')
    return [
      ['maximumLength', bytes],
      ['type', 10],
    ];
  // Four bytes that are not a number in our table are one in the kernel's: an IPv4 address.
  if (type === 'any' || (type === 'atLeast' && bytes !== 4)) return undefined;
  const largest = (1n << BigInt(8 * bytes)) - 1n;
  return [
    ['minimum', 0n],
    ['maximum', largest],
    ['type', 2 + Math.log2(bytes)],
  ];
}
