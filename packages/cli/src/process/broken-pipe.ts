/** Ends a program whose output is no longer read. */

/**
 * Ends the program by SIGPIPE, as a program without a reader does. Node ignores the signal until a listener was added
 * and removed.
 */
export function dieOfBrokenPipe(): never {
  const listener = (): void => undefined;
  process.on('SIGPIPE', listener);
  process.off('SIGPIPE', listener);
  process.kill(process.pid, 'SIGPIPE');
  process.exit(141);
}
