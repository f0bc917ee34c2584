/**
 * Whether something matches a packet. `some`: that depends on what is left open of the packet (any client, any port).
 * `perhaps`: it cannot be judged here, such as a limit or a match of an unknown module.
 */
export type Answer = 'yes' | 'no' | 'some' | 'perhaps';

/** All answers together: the least certain of those that hold. */
export function all(answers: Iterable<Answer>): Answer {
  let result: Answer = 'yes';
  for (const answer of answers) {
    if (answer === 'no') return 'no';
    result = weaker(result, answer);
  }
  return result;
}

/** One of several answers is enough. */
export function any(answers: Iterable<Answer>): Answer {
  let result: Answer = 'no';
  for (const answer of answers) {
    if (answer === 'yes') return 'yes';
    if (answer !== 'no') result = result === 'no' ? answer : weaker(result, answer);
  }
  return result;
}

/** The opposite; what is not certain stays so. */
export function not(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : answer;
}

/** `some` for what is left open of a packet, else whether `test` holds. */
export function known<T>(value: T | undefined, test: (value: T) => boolean): Answer {
  return value === undefined ? 'some' : test(value) ? 'yes' : 'no';
}

/** The less certain of two answers, neither of which is `no`. */
export function weaker<A extends Answer>(left: A, right: A): A {
  return left === 'perhaps' || right === 'yes' ? left : right;
}
