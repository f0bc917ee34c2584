/** Checks of the arguments of clients. */
import { argumentsOf } from '../argument-checks.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';

/** Throws for anything that is not a request. Cheap: it runs for each request. */
export function checkRequest(request: unknown, path = 'request'): void {
  if (typeof request === 'object' && request !== null) {
    const { family, operation } = request as { readonly family?: unknown; readonly operation?: unknown };
    if (typeof family === 'object' && family !== null && typeof operation === 'object' && operation !== null)
      return;
  }
  throw argumentsOf.error(path, 'a request, as request() returns it', request);
}

/** The same for each request of a batch. */
export function checkRequests(requests: unknown): void {
  argumentsOf.is('requests', requests, 'list');
  for (const request of requests as unknown[]) checkRequest(request, 'each request');
}

/** Throws for invalid names of families and invalid options. */
export function checkFamily(name: unknown, options: unknown): void {
  if (typeof name !== 'string' || name === '' || name.length > 15 || name.includes('\0'))
    throw argumentsOf.error(
      'name',
      'the name of a family: 1 to 15 characters',
      name,
      typeof name === 'string' ? 'range' : 'type',
    );
  argumentsOf.object('options', options);
}

const ENCODED = { message: 'bytes', view: 'object' } as const;
const READER = { read: 'function' } as const;

/** Throws for an invalid reader of dumps. */
export function checkReader(reader: unknown): void {
  argumentsOf.object('reader', reader, READER);
}

/** Throws for an invalid encoded request, and for an invalid reader of its answer. Cheap: it runs for each service of a listing. */
export function checkScan(request: EncodedRequest, reader: unknown): void {
  if (
    typeof request === 'object' &&
    (request as EncodedRequest | null)?.message instanceof Uint8Array &&
    typeof request.view === 'object' &&
    typeof (reader as { readonly read?: unknown } | null | undefined)?.read === 'function'
  )
    return;
  argumentsOf.object('request', request, ENCODED);
  argumentsOf.object('reader', reader, READER);
}
