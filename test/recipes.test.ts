import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

/** Folders that file names in the recipes may be relative to. */
const FOLDERS = [
  '',
  'packages/ipvs/src',
  'packages/cli/src',
  'packages/cli/src/ipvsadm',
  'packages/cli/src/subcommands',
  'packages/director',
  'packages/director/src/doctor',
];

/** Folders of workspaces by name; '' is the checkout. */
const WORKSPACES: Readonly<Record<string, string>> = {
  '': '',
  'ipvs-ts': 'packages/cli',
  '@ipvs-ts/ipvs': 'packages/ipvs',
};

describe('the recipes of CONTRIBUTING', () => {
  const text = readFileSync(join(CHECKOUT, 'CONTRIBUTING.md'), 'utf8');
  const recipes = text.split('## Where to add things')[1]?.split('\n## ')[0] ?? '';
  const codes = [...recipes.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

  it('name files that exist', () => {
    const paths = codes.filter((each) => /^[\w./-]+(?:\.ts|\/)$/.test(each));
    expect(paths).to.have.length.above(15);
    const exists = (path: string): boolean =>
      FOLDERS.some((folder) => existsSync(join(CHECKOUT, folder, path)));
    expect(paths.filter((path) => !exists(path))).to.deep.equal([]);
  });

  it('name scripts that exist', () => {
    const scripts = codes.flatMap((each) => {
      const [, script = '', workspace = ''] = /^npm run ([\w:]+)(?: -w ([\w/@-]+))?/.exec(each) ?? [];
      return script === '' ? [] : [{ script, folder: WORKSPACES[workspace] ?? '?' }];
    });
    expect(scripts).to.have.length.above(4);
    for (const { script, folder } of scripts) {
      const file = readFileSync(join(CHECKOUT, folder, 'package.json'), 'utf8');
      expect((JSON.parse(file) as { scripts: object }).scripts).to.have.property(script);
    }
  });
});
