/** Pictures of a terminal, and that those in docs/pictures show the program as it is. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { COLUMNS } from '../../../dist/subcommands/top/rows/columns.js';
import { picture } from '../../terminal/picture.js';

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text = '']) => text);

describe('a picture of a terminal', () => {
  it('has every text at its place, with its colour, until that changes, also over the end of a row', () => {
    const svg = picture('a < b', ['one \u001b[1;31mtwo', 'three\u001b[m & four', ''], 20);
    expect(texts(svg)).to.deep.equal(['one ', 'two', 'three', ' &amp; four']);
    expect(svg).to.include('<title>a &lt; b</title>');
    expect(svg).to.match(/<text x="14" y="27" textLength="32" [^>]*>one /);
    expect(svg).to.match(/<text class="red bold" x="46" y="27" textLength="24" [^>]*>two/);
    expect(svg).to.match(/<text class="red bold" x="14" y="45" textLength="40" [^>]*>three/);
    expect(svg).to.match(/<text x="54" y="45" [^>]*> &amp; four/);
    expect(svg).to.include('viewBox="0 0 188 82"');
  });

  it('draws bars as long as their blocks, and a background for reversed text', () => {
    const svg = picture('bars', ['\u001b[32m██▌\u001b[0m  5', '\u001b[7mhead\u001b[27m'], 20);
    expect(svg).to.match(/<rect class="green" x="14" y="17" width="20" height="12"\/>/);
    expect(svg).to.match(/<rect class="reversed" x="14" y="32" width="32" height="18"\/>/);
    expect(svg).to.match(/<text class="over" [^>]*>head/);
  });

  it('refuses what it cannot draw', () => {
    expect(() => picture('', ['\u001b[35mmagenta'], 9)).to.throw('cannot draw the colour 35');
    expect(() => picture('', ['\u001b[2Jclear'], 9)).to.throw('cannot draw "\\u001b[2Jclear"');
    expect(() => picture('', ['日本'], 9)).to.throw('cannot draw "日本"');
  });
});

describe('the pictures in docs (npm run pictures)', () => {
  const shown = (name: string): string =>
    texts(readFileSync(new URL(`../../../../../docs/pictures/${name}.svg`, import.meta.url), 'utf8')).join(
      '\n',
    );

  it('have only the columns that top has', () => {
    const titles = Object.values(COLUMNS).map(({ title }) => title as string);
    const head = /^SERVICE.*$/m.exec(shown('top'))?.[0] ?? '';
    expect(titles.filter((title) => head.includes(title))).to.have.length.above(5);
    // The agent that keeps the table of the picture adds states.
    expect(titles.reduce((rest, title) => rest.replace(title, ''), head)).to.match(
      /^SERVICE \/ DESTINATION +STATE +$/,
    );
  });

  it('have the text of a plan and its question', () => {
    for (const text of [
      '$ ipvs-ts plan',
      '$ ipvs-ts apply',
      '+ ',
      '~ ',
      '- ',
      ' to add, ',
      '? [y/N] y',
      'Done: ',
    ])
      expect(shown('plan')).to.include(text);
  });
});
