import type { Namespace } from './namespace.js';

/** What a client got: the page, or curl's reason for having none (`refused`, `timeout`, or curl's exit status). */
export type Answer = { readonly page: string } | { readonly failure: string };

const reasons: Readonly<Record<number, string>> = {
  7: 'refused',
  28: 'timeout',
  52: 'empty reply',
  56: 'reset',
};

/** Fetch a URL in a namespace, over a connection of its own, within `limit` seconds. */
export async function fetchPage(client: Namespace, url: string, limit = 10): Promise<Answer> {
  const { status, stdout } = await client.try([
    'curl',
    '--silent',
    '--fail',
    '--max-time',
    String(limit),
    url,
  ]);
  if (status === 0) return { page: stdout.trim() };
  return { failure: reasons[status] ?? `curl status ${String(status)}` };
}

/** An answer as one line of text. */
export function describeAnswer(answer: Answer): string {
  return 'page' in answer ? answer.page : `(no page: ${answer.failure})`;
}
