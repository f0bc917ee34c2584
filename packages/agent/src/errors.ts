import type { DocumentProblem } from '@ipvs-ts/ipvs';

/** The error codes of this package, stable across releases: match on these, never on messages. */
export type AgentErrorCode =
  /** The document has mistakes; `problems` has all of them. */
  | 'ERR_AGENT_DOCUMENT'
  /** Another agent manages the table of this network namespace, or uses the same socket, runtime or state directory. */
  | 'ERR_AGENT_RUNNING'
  /** The table cannot be read. */
  | 'ERR_AGENT_KERNEL'
  /** A file of the runtime or the state directory, or the document, could not be read or written. */
  | 'ERR_AGENT_FILE'
  /** The socket of requests, or a listener, could not be opened. */
  | 'ERR_AGENT_LISTEN'
  /** A request to the agent cannot be carried out as it is; nothing was changed. */
  | 'ERR_AGENT_REFUSED'
  /** A request names a service, destination or revision that the agent does not have. */
  | 'ERR_AGENT_NOT_FOUND'
  /** A file of another program cannot be imported; the message has its place. */
  | 'ERR_AGENT_IMPORT'
  /** The store of a fleet does not answer, has rejected a request, or contains something unexpected. */
  | 'ERR_AGENT_STORE'
  /** An option of `runAgent` is wrong. */
  | 'ERR_AGENT_ARGUMENT';

const BRAND = Symbol.for('ipvs-ts.AgentError');

/** Every error of this package. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;
  /** With ERR_AGENT_DOCUMENT: every mistake, with its place. */
  readonly problems: readonly DocumentProblem[] | undefined;

  constructor(
    code: AgentErrorCode,
    message: string,
    details: { readonly cause?: unknown; readonly problems?: readonly DocumentProblem[] } = {},
  ) {
    const { cause, problems } = (details as typeof details | null) ?? {};
    super(
      typeof message === 'string' ? message : 'an unknown error',
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.problems = problems;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether `error` is an AgentError (of any copy of this package) and, if `code` is present, has that code. */
  static is(error: unknown, code?: AgentErrorCode): error is AgentError {
    return (
      typeof error === 'object' &&
      error !== null &&
      BRAND in error &&
      (code === undefined || (error as unknown as AgentError).code === code)
    );
  }
}
