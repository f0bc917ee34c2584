import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { manualFiles } from '../../../dist/manual/files.js';
import { allSubcommands } from '../../../dist/manual/subcommands.js';
import { COMMAND_ENTRIES, spellings } from '../../../dist/manual/vocabulary.js';
import { OPTIONS } from '../../../dist/ipvsadm/language/options.js';

const DOCUMENTS = await manualFiles();

describe('manual page and completions', () => {
  for (const [path, text] of Object.entries(DOCUMENTS)) {
    it(`${path} matches the tables (npm run manual -w ipvs-ts)`, () => {
      expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).to.equal(text);
    });
  }

  it('offer every option somewhere', () => {
    const offered = new Set(COMMAND_ENTRIES.flatMap(({ options }) => options.map(({ long }) => long)));
    expect(OPTIONS.map(({ long }) => long).filter((long) => !offered.has(long))).to.deep.equal([]);
  });

  it('name every command and option in the manual', () => {
    const page = DOCUMENTS['man/ipvs-ts.8'] ?? '';
    for (const { long, shorts, options } of COMMAND_ENTRIES) {
      for (const entry of [{ long, shorts }, ...options]) {
        const names = [...entry.shorts, `\\-${entry.long.replaceAll('-', '\\-')}`];
        expect(page, spellings(entry).join()).to.contain(
          `\n.It ${names.map((name) => `Fl ${name}`).join(' , ')}`,
        );
      }
    }
  });

  it('name every subcommand and its options in the manual', async () => {
    const page = DOCUMENTS['man/ipvs-ts.8'] ?? '';
    for (const { name, options } of await allSubcommands()) {
      const section = page.split(`\n.Ss ${name}\n`)[1]?.split('\n.S')[0] ?? '';
      for (const option of Object.keys(options))
        expect(section, `${name} --${option}`).to.contain(`Fl \\-${option.replaceAll('-', '\\-')}`);
    }
  });
});
