import { argumentsOf, LONGEST_PATH } from '../argument-checks.js';

/** Options of serving an agent. */
export interface ServeOptions {
  /** Path of the Unix socket: `/run/ipvs-ts/agent.sock`. Its mode is 0660; its group is `ipvs-ts` if that exists. */
  readonly socket: string;
}

/** Options that were checked. */
export function checkedOptions(options: ServeOptions): ServeOptions {
  argumentsOf.object('options', options);
  argumentsOf.text('options.socket', options.socket, LONGEST_PATH);
  return options;
}
