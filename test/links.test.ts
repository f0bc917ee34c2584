import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

/** The folders with pages that are written by hand or checked in. */
const FOLDERS = [
  '.',
  'docs',
  'docs/commands',
  'docs/decisions',
  'examples',
  'test-vm',
  ...foldersIn('packages'),
];

const pages = FOLDERS.flatMap((folder) =>
  readdirSync(join(CHECKOUT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

function foldersIn(folder: string): string[] {
  return readdirSync(join(CHECKOUT, folder)).map((name) => join(folder, name));
}

/** Text without fenced blocks, in which brackets are code. */
const prose = (path: string): string =>
  readFileSync(join(CHECKOUT, path), 'utf8').replaceAll(/^```[^]*?^```/gm, '');

/** The anchors of a page's headings, as forges make them. */
function anchors(path: string): string[] {
  return [...prose(path).matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links', () => {
  for (const page of pages)
    it(`of ${page} have a target`, () => {
      const broken: string[] = [];
      for (const [, target = ''] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? page : join(dirname(page), file);
        const found = existsSync(join(CHECKOUT, path));
        const hasTarget =
          found &&
          (anchor === undefined ||
            (statSync(join(CHECKOUT, path)).isFile() && anchors(path).includes(anchor)));
        if (!hasTarget) broken.push(target);
      }
      expect(broken).to.deep.equal([]);
    });
});
