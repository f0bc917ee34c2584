/** The actions of a subcommand: words for its first operand, each with its own operands and options. */
import type { Arguments } from './arguments.js';
import type { Action, Subcommand } from './subcommand.js';
import { UsageError } from './usage-error.js';

/**
 * The action that the first operand names; undefined if the subcommand has none, or if it is absent. Throws {@link
 * UsageError} for another word, and for options and operands that the action does not accept.
 */
export function chosenAction(
  { name, actions, operands, options }: Subcommand,
  args: Arguments,
): Action | undefined {
  const [word, ...rest] = args.operands;
  if (actions === undefined || (word === undefined && operands[0]?.startsWith('[') === true))
    return undefined;
  const action = word !== undefined && Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (word === undefined || action === undefined)
    throw new UsageError(`${JSON.stringify(word ?? '')}: it is one of ${Object.keys(actions).join(', ')}`);
  for (const [option, { actions: only }] of Object.entries(options)) {
    if (only === undefined || only.includes(word) || !args.has(option)) continue;
    throw new UsageError(
      only.length === 0
        ? `--${option} is not for ${name} ${word}`
        : `--${option} is for ${only.map((each) => `${name} ${each}`).join(' and ')}`,
    );
  }
  checkOperands(`${name} ${word}`, rest, operands.slice(1), action.operands ?? []);
  return action;
}

/** `all`: the names of operands of the subcommand; `own`: of the action. */
function checkOperands(
  command: string,
  given: readonly string[],
  all: readonly string[],
  own: readonly string[],
): void {
  const missing = own.slice(given.length).find((each) => !each.startsWith('['));
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  if (given.length <= own.length) return;
  const unexpected = all[own.length]?.replace(/[[\]]/g, '') ?? 'more operands';
  throw new UsageError(`${command} takes no ${unexpected}`);
}
