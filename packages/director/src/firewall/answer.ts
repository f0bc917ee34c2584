/**
 * Whether something matches a packet. `some`: that depends on values that the packet leaves open (any client, any
 * port). `perhaps`: it cannot be judged here, such as a limit or a match of an unknown module.
 */
export type Answer = 'yes' | 'no' | 'some' | 'perhaps';

/** `no` if any answer is `no`, otherwise the least certain answer. */
export function all(answers: Iterable<Answer>): Answer {
  let result: Answer = 'yes';
  for (const answer of answers) {
    if (answer === 'no') return 'no';
    result = weaker(result, answer);
  }
  return result;
}

/** Whether at least one holds. */
export function any(answers: Iterable<Answer>): Answer {
  let result: Answer = 'no';
  for (const answer of answers) {
    if (answer === 'yes') return 'yes';
    if (answer !== 'no') result = result === 'no' ? answer : weaker(result, answer);
  }
  return result;
}

/** The opposite; uncertain answers stay uncertain. */
export function not(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : answer;
}

/** `some` for a value that a packet leaves open, otherwise whether `test` holds. */
export function known<T>(value: T | undefined, test: (value: T) => boolean): Answer {
  return value === undefined ? 'some' : test(value) ? 'yes' : 'no';
}

/** The less certain of two answers, neither of which is `no`. */
export function weaker<A extends Answer>(left: A, right: A): A {
  return left === 'perhaps' || right === 'yes' ? left : right;
}
