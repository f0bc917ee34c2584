import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { OPERATION_LIST } from '@ipvs-ts/ipvs';
import { pages } from './pages/pages.js';
import { CHECKOUT } from './source-files.js';

describe('pages that are made from tables', function () {
  this.timeout(60_000);

  it('are what the tables give (npm run pages)', async () => {
    for (const [path, text] of Object.entries(await pages()))
      expect(readFileSync(join(CHECKOUT, path), 'utf8'), path).to.equal(text);
  });
  it('have every error that the sources name', async () => {
    const page = (await pages())['docs/errors.md'] ?? '';
    const union = /'(ERR_(?:IPVS|NETLINK)_[A-Z_]+)'/g;
    for (const file of ['netlink/src/errors.ts', 'ipvs/src/errors.ts']) {
      const text = readFileSync(join(CHECKOUT, 'packages', file), 'utf8').split(/export interface/)[0] ?? '';
      const codes = [...text.matchAll(union)].map((match) => match[1] as string);
      expect(codes, file).to.have.length.above(10);
      for (const each of codes) expect(page).to.match(new RegExp(`^\\| \`${each}\` +\\|`, 'm'));
    }
  });
  it('have every command', async () => {
    const page = (await pages())['docs/protocol.md'] ?? '';
    for (const { name, command } of OPERATION_LIST)
      expect(page, name).to.match(new RegExp(`^\\| ${command} +\\| \`${name}\``, 'm'));
  });
});
