import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { OPERATION_LIST } from '@ipvs-ts/ipvs';
import { pages } from './pages/pages.js';
import { CHECKOUT } from './source-files.js';

describe('generated pages', function () {
  this.timeout(60_000);

  it('match the tables (npm run pages)', async () => {
    for (const [path, text] of Object.entries(await pages()))
      expect(readFileSync(join(CHECKOUT, path), 'utf8'), path).to.equal(text);
  });
  it('list every error code of the sources', async () => {
    const page = (await pages())['docs/errors.md'] ?? '';
    const union = /^ {2}(ERR_(?:IPVS|NETLINK)_[A-Z_]+): \{/gm;
    for (const file of ['netlink/src/advice.ts', 'ipvs/src/advice.ts']) {
      const text = readFileSync(join(CHECKOUT, 'packages', file), 'utf8');
      const codes = [...text.matchAll(union)].map((match) => match[1] as string);
      expect(codes, file).to.have.length.above(10);
      for (const each of codes) expect(page).to.match(new RegExp(`^\\| \`${each}\` +\\|`, 'm'));
    }
  });
  it('list every command of the protocol', async () => {
    const page = (await pages())['docs/protocol.md'] ?? '';
    for (const { name, command } of OPERATION_LIST)
      expect(page, name).to.match(new RegExp(`^\\| ${command} +\\| \`${name}\``, 'm'));
  });
  it('have an example or a link for every subcommand, besides the generated part', async () => {
    const commands = Object.entries(await pages()).filter(([path]) => path.startsWith('docs/commands/'));
    expect(commands).to.have.length.above(8);
    for (const [path, text] of commands) {
      const byHand = text.replace(/^# .*$/m, '').replace(/<!-- generated: begin[^]*generated: end -->/, '');
      expect(byHand.trim(), path).to.match(/```|\]\(/);
    }
  });
});
