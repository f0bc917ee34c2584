/** Words that make no sense to a command. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
