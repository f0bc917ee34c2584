/** The document of a running agent if it is not a regular file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DocumentFile, type SourceText } from '../../../dist/io/document-file.js';

describe('the file of a document', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-document-'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'file'), 'services: {}\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  async function read(path: string): Promise<SourceText> {
    const file = new DocumentFile(path);
    try {
      return await new Promise((resolve) => file.start(resolve));
    } finally {
      file.stop();
    }
  }

  it('is read', async () => {
    expect(await read(join(folder, 'file'))).to.include({ text: 'services: {}\n' });
    expect(await read('/dev/null')).to.include({ text: '' });
  });

  for (const [what, name, reason] of [
    ['without end', '/dev/zero', /it is longer than 67108864 bytes, the limit/],
    ['that waits for a writer', 'pipe', /it is a pipe, and a document is read more than once/],
    ['that is a folder', '.', /EISDIR/],
    ['that is not there', 'none', /ENOENT/],
  ] as const)
    it(`${what} is an error`, async () => {
      const path = name.startsWith('/') ? name : join(folder, name);
      const found = await read(path);
      expect('error' in found ? found.error : found.text.length).to.match(reason);
    });
});
