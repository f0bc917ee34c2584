/** Arguments that a subcommand does not accept. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
