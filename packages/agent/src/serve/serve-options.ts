import { argumentsOf } from '../argument-checks.js';

/** Options of serving an agent. */
export interface ServeOptions {
  /** Path of the Unix socket: `/run/ipvs-ts/agent.sock`. Its mode is 0660; its group is `ipvs-ts` if that exists. */
  readonly socket: string;
}

/** Returns the options, or throws for an invalid one. */
export function checkedOptions(options: ServeOptions): ServeOptions {
  argumentsOf.object('options', options);
  argumentsOf.path('options.socket', options.socket);
  return options;
}
