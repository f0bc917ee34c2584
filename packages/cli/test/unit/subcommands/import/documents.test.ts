/** What `import` prints is a document for every subcommand that reads one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ran } from '../fake-subcommand-io.js';

const CORPUS = fileURLToPath(new URL('../../../../../agent/test/corpus/', import.meta.url));

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(CORPUS, folder))
    .filter((name) => /\.c(?:on)?f$/.test(name))
    .sort()
    .map((name) => join(CORPUS, folder, name));
}

describe('imported documents', function () {
  this.timeout(120_000);
  let directory: string;

  before(() => (directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-imported-'))));
  after(() => rmSync(directory, { recursive: true }));

  for (const program of ['keepalived', 'ldirectord'])
    for (const folder of [program, `field/${program}`, `lives/${program}`])
      it(`of ${folder} are read by validate, plan and agent --check`, async () => {
        const wrong: string[] = [];
        for (const path of filesIn(folder)) {
          const files = { [path]: readFileSync(path, 'utf8') };
          const imported = await ran(['import', `--from-${program}`, path], { files });
          const lost = imported.stderr.includes(' 0 differs, 0 dropped') ? 0 : 2;
          if (imported.status !== lost) wrong.push(`${path}: import: ${imported.status}: ${imported.stderr}`);
          const file = join(directory, 'director.yaml');
          writeFileSync(file, imported.stdout);
          const world = { files: { [file]: imported.stdout } };
          for (const [words, statuses] of [
            [['validate', file], [0]],
            [
              ['plan', '-f', file],
              [0, 2],
            ],
            [
              ['agent', '--check', '-f', file],
              [0, 2],
            ],
          ] as const) {
            const { status, stderr } = await ran(words, world);
            if (!(statuses as readonly number[]).includes(status))
              wrong.push(`${path}: ${words.join(' ')}: ${status}: ${stderr}`);
          }
        }
        expect(wrong).to.deep.equal([]);
      });
});
