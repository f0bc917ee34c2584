import { constants, createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { MAX_DOCUMENT_BYTES } from '@ipvs-ts/ipvs';

/**
 * The text of a file, or of a pipe until its writer ends. Rejects as `fs.readFile` does, and if there are more than 64
 * MiB, since /dev/zero never ends.
 */
export async function readText(path: string): Promise<string> {
  return textOf(createReadStream(path));
}

/** The text of a file that is read repeatedly; rejects for a pipe, since reading it could block for ever. */
export async function readFileText(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (found.isFIFO()) throw refusal('it is a pipe, and a document is read more than once');
    return await textOf(file.createReadStream({ autoClose: false }));
  } finally {
    await file.close();
  }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_DOCUMENT_BYTES)
      throw refusal(`it is longer than ${MAX_DOCUMENT_BYTES} bytes, the limit`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code });
}
