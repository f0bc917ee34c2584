/** Checks of what clients are asked. */
import { argumentsOf } from '../argument-checks.js';
import type { EncodedRequest } from '../protocol/send-buffer.js';

/** Throws for what no `request()` has made. Cheap: it is called for each request. */
export function checkRequest(request: unknown, path = 'request'): void {
  if (typeof request === 'object' && request !== null) {
    const { family, operation } = request as { readonly family?: unknown; readonly operation?: unknown };
    if (typeof family === 'object' && family !== null && typeof operation === 'object' && operation !== null)
      return;
  }
  throw argumentsOf.error(path, 'a request, as request() returns it', request);
}

/** The same for each one of a batch. */
export function checkRequests(requests: unknown): void {
  argumentsOf.is('requests', requests, 'list');
  for (const request of requests as unknown[]) checkRequest(request, 'each request');
}

/** Throws for names that no family can have, and options that are none. */
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

/** Throws for what is not an encoded request, and for what cannot read its answer. */
export function checkScan(request: EncodedRequest, reader: unknown): void {
  argumentsOf.object('request', request, { message: 'bytes', view: 'object' });
  argumentsOf.object('reader', reader, { read: 'function' });
}
