/** The end of the program. */
import { endProcess } from '@ipvs-ts/netlink';

/** With one of these in its environment, Node or the program may write something at its end. */
const LATE = ['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_COMPILE_CACHE', 'DEBUG'] as const;

/** What the end depends on. */
export interface EndingProcess extends Pick<NodeJS.Process, 'env' | 'execArgv'> {
  listenerCount(event: 'exit'): number;
  getActiveResourcesInfo(): string[];
}

/**
 * Ends the program with `status`: at once if nothing depends on Node's own end, which costs a twentieth of a short run;
 * otherwise it ends by itself. Everything must have been written.
 */
export function endWith(status: number): void {
  process.exitCode = status;
  if (mayEndAtOnce(process)) endProcess(status);
}

/** Whether nothing waits for the end: no options of Node, no listener, and no pending work. */
export function mayEndAtOnce(of: EndingProcess): boolean {
  return (
    of.execArgv.length === 0 &&
    LATE.every((name) => of.env[name] === undefined) &&
    of.listenerCount('exit') === 0 &&
    of.getActiveResourcesInfo().length === 0
  );
}
