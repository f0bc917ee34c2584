import type { IncomingMessage } from 'node:http';
import { isRecord } from './gateway-json.js';

/** The longest answer in bytes: some pages of chunks. */
const LONGEST_ANSWER = 64 * 1024 * 1024;
/** gRPC: the token is missing, or no longer valid. */
const UNAUTHENTICATED = 16;
/** The message of etcd 3.4 for an unknown token, instead of the code. */
const INVALID_TOKEN = /invalid auth token|user name is empty/;

/** A request that etcd answered with an error, or did not answer. `status`: of gRPC, if it answered. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** Whether a token is needed, or no longer valid. */
export function isStale({ status, message }: StoreFailure): boolean {
  return status === UNAUTHENTICATED || INVALID_TOKEN.test(message);
}

/** The error of an answer, or of one part of a stream. */
export function failureOf(answer: Record<string, unknown> | undefined): StoreFailure | undefined {
  const error = answer?.['error'];
  if (error === undefined) return undefined;
  const from = isRecord(error) ? error : (answer as Record<string, unknown>);
  const { message, code, grpc_code: grpcCode, error: text } = from;
  const status = [code, grpcCode].find((each) => typeof each === 'number');
  return new StoreFailure(`etcd: ${String(message ?? text)}`, status);
}

/** The object in a JSON text; undefined for anything else. */
export function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the text of an answer. Rejects with StoreFailure if it is too long. */
export async function readAll(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > LONGEST_ANSWER)
      throw new StoreFailure(`the answer of etcd is longer than ${LONGEST_ANSWER} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Calls `onLine` for each line of a streamed answer. */
export function readLines(response: IncomingMessage, onLine: (line: string) => void): void {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  });
}
