/** Mistyped subcommands. */
import { nearest } from '@ipvs-ts/ipvs';
import { visible } from './framework/visible.js';
import { HELP, SUBCOMMANDS } from './registry.js';

/**
 * The message for a first argument without a dash that is nearly a subcommand; undefined if it is not similar to any.
 */
export function mistypedText(name: string, programName: string): string | undefined {
  const close = nearest(name, [...Object.keys(SUBCOMMANDS), HELP]);
  if (close === undefined) return undefined;
  return `${programName}: no command ${visible(JSON.stringify(name))}; did you mean ${close}? “${programName} help” lists the commands.`;
}
