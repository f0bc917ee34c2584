import { ArgumentChecks } from '@ipvs-ts/netlink';
import { AgentError } from './errors.js';

/** The checks of arguments of this package. */
export const argumentsOf = new ArgumentChecks((message) => new AgentError('ERR_AGENT_ARGUMENT', message));

/** Options of an agent that are paths of files and directories, and its own types of checks. */
interface HostOptions {
  readonly file: string;
  readonly runtimeDirectory: string;
  readonly stateDirectory: string;
  readonly netns: string | undefined;
  readonly checkTypes: object | undefined;
}

/** Throws for the first option that is invalid. */
export function checkHostOptions({ checkTypes, netns, ...paths }: HostOptions): void {
  for (const [name, path] of Object.entries(paths)) argumentsOf.path(`options.${name}`, path);
  if (netns !== undefined) argumentsOf.path('options.netns', netns);
  if (checkTypes !== undefined) argumentsOf.object('options.checkTypes', checkTypes);
}
