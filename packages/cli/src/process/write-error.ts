/** Errors of writing outputs. */
import { errnoText } from '@ipvs-ts/netlink';

/** The sentence for an output that cannot be written. */
export function writeErrorText({ errno, code, message }: NodeJS.ErrnoException): string {
  const reason = errno === undefined ? message : `${code ?? ''} (${errnoText(Math.abs(errno))})`;
  return `cannot write to standard output: ${reason}`;
}
