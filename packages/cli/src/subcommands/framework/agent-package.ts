/** The agent's package: subcommands that need it load it when they are used. */
import type * as Agent from '@ipvs-ts/agent';
import { UsageError } from './usage-error.js';

/** What the package exports. */
export type AgentPackage = typeof Agent;

/** Loads `@ipvs-ts/agent`. If it is missing, rejects with the command that installs it. */
export async function loadAgent(): Promise<AgentPackage> {
  try {
    return await import('@ipvs-ts/agent');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(
      'the package @ipvs-ts/agent is not installed; install it beside ipvs-ts: npm install @ipvs-ts/agent',
    );
  }
}
