import { setTimeout as delay } from 'node:timers/promises';
import { fetchPage } from './http-client.js';
import type { Namespace } from './namespace.js';

/** What became of requests under load. */
export interface LoadResult {
  readonly answered: number;
  /** Failures by their reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Requests that took longer than 0.9 s: a packet was lost, and sent again. */
  readonly slow: number;
}

/** Requests from several clients at once, each over a connection of its own, as long as `work` goes on. */
export async function underLoad(
  client: Namespace,
  url: string,
  work: () => Promise<unknown>,
  clients = 8,
): Promise<LoadResult> {
  const failed: Record<string, number> = {};
  let answered = 0;
  let slow = 0;
  let over = false;
  const one = async (): Promise<void> => {
    while (!over) {
      const start = performance.now();
      const answer = await fetchPage(client, url, { limit: 20 });
      if (performance.now() - start > 900) slow += 1;
      if ('page' in answer) answered += 1;
      else {
        failed[answer.failure] = (failed[answer.failure] ?? 0) + 1;
        // A client that is refused does not hammer on.
        await delay(20);
      }
    }
  };
  const running = Array.from({ length: clients }, one);
  try {
    await work();
  } finally {
    over = true;
    await Promise.all(running);
  }
  return { answered, failed, slow };
}
