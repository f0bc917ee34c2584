import { readFileSync } from 'node:fs';

/** A recorded exchange with a real kernel: one send, and the datagrams that answered it. */
export interface Vector {
  readonly name: string;
  readonly request: Uint8Array;
  readonly replies: readonly Uint8Array[];
}

interface Recorded {
  readonly name?: string;
  readonly of?: string;
  readonly kernel?: string;
  readonly arch?: string;
  readonly request?: { readonly hex: string };
  readonly replies?: readonly { readonly hex: string }[];
}

const KERNELS = ['5.10', '6.1', '6.12', '7.2'] as const;

/** All recordings, those of 6.1 first by their plain names. */
export function vectors(): Vector[] {
  return KERNELS.flatMap((kernel) => {
    const file = new URL(`../../../vectors/${kernel}.json`, import.meta.url);
    const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Recorded[] | undefined>;
    const plain = (content['vectors'] ?? []).map((recorded) => vector(recorded.name ?? '', recorded));
    const others = [...(content['variants'] ?? []), ...(content['extra'] ?? [])].map((recorded) =>
      vector(
        `${recorded.of ?? recorded.name ?? ''} on ${recorded.kernel ?? kernel} ${recorded.arch ?? ''}`,
        recorded,
      ),
    );
    return [...plain, ...others];
  });
}

function vector(name: string, { request, replies = [] }: Recorded): Vector {
  return { name, request: bytes(request?.hex ?? ''), replies: replies.map(({ hex }) => bytes(hex)) };
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
