import type { Facts } from './facts.js';

/** Makes a function whose result is computed once for each set of facts. */
export function perFacts<T>(make: (facts: Facts) => T): (facts: Facts) => T {
  const known = new WeakMap<Facts, { readonly result: T }>();
  return (facts) => {
    const before = known.get(facts) ?? { result: make(facts) };
    known.set(facts, before);
    return before.result;
  };
}
