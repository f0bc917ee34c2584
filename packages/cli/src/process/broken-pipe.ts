/** The end of a program whose output nobody reads any more. */

/** Ends as a program does whose reader has gone: by SIGPIPE, which Node ignores until it is listened to and let go. */
export function dieOfBrokenPipe(): never {
  const listener = (): void => undefined;
  process.on('SIGPIPE', listener);
  process.off('SIGPIPE', listener);
  process.kill(process.pid, 'SIGPIPE');
  process.exit(141);
}
