import { ArgumentChecks } from '@ipvs-ts/netlink';
import { AgentError } from './errors.js';

/** The longest path that the kernel takes. */
export const LONGEST_PATH = 4095;

/** The checks of arguments of this package. */
export const argumentsOf = new ArgumentChecks((message) => new AgentError('ERR_AGENT_ARGUMENT', message));
