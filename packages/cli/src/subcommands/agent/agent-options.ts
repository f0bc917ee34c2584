/** The options of an agent from the arguments. */
import type { AgentOptions } from '@ipvs-ts/agent';
import type { Arguments } from '../framework/arguments.js';
import { UsageError } from '../framework/usage-error.js';

const NAMES = {
  file: 'file',
  'runtime-dir': 'runtimeDirectory',
  'state-dir': 'stateDirectory',
  netns: 'netns',
};

/** The document, directories and namespace of an agent. */
export function agentOptions(args: Arguments): AgentOptions {
  return Object.fromEntries(
    Object.entries(NAMES).flatMap(([option, name]) => {
      const value = args.value(option);
      if (value === '') throw new UsageError(`--${option} needs a path`);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
