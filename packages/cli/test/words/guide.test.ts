/** The commands of docs/declared-state.md, run as they stand there. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Bench } from './bench.js';

const GUIDE = new URL('../../../../docs/declared-state.md', import.meta.url);

interface Step {
  readonly command: string;
  readonly output: string;
}

/** A document to be written, or commands with what they print. */
type Block = { readonly file: string; readonly text: string } | { readonly steps: readonly Step[] };

/** The blocks of the guide, in its order: files begin with their names, commands with a prompt. */
function blocks(guide: string): Block[] {
  return [...guide.matchAll(/^```(yaml|console)\n(.*?)^```$/gms)].flatMap(
    ([, language, text = '']): Block[] => {
      if (language === 'console') return [{ steps: stepsOf(text) }];
      const file = /^# (\S+\.yaml)\n/.exec(text)?.[1];
      return file === undefined ? [] : [{ file, text }];
    },
  );
}

function stepsOf(text: string): Step[] {
  return text
    .split(/^# /m)
    .slice(1)
    .map((part) => ({
      command: part.slice(0, part.indexOf('\n')),
      output: part.slice(part.indexOf('\n') + 1),
    }));
}

describe('the guide to declared state', function () {
  this.timeout(300_000);
  let bench: Bench;
  before(() => (bench = new Bench()));
  after(() => bench.close());

  it('shows what happens', () => {
    let status = 0;
    let run = 0;
    for (const block of blocks(readFileSync(GUIDE, 'utf8'))) {
      if ('file' in block) {
        bench.write(block.file, block.text);
        continue;
      }
      for (const { command, output } of block.steps) {
        const finished = bench.run(`(exit ${status})\n{ ${command}\n} 2>&1`);
        expect(finished.stdout, command).to.equal(output);
        status = finished.status ?? 255;
        run += 1;
      }
    }
    expect(run).to.be.above(15);
  });
});
