import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT, sourceFiles } from './source-files.js';

/** Phrases that read as translated, and what to write instead. They stay out of help, messages and pages. */
const PHRASES: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\b(?:is|are) due\b/, 'is needed, is expected'],
  [/\bas always\b/, 'as usual, as expected'],
  [/\bmend(?:s|ed|ing)?\b/, 'fix'],
  [/\bcured?\b/, 'fix'],
  [/\bwhat should be\b/i, 'desired state'],
  [/\bown words\b/, 'subcommands'],
  [/\bcom(?:es|e) to stand\b/, 'is stored'],
  [/\bcut(?:s|ting)? (?:nobody|off|anyone)\b|\bnobody is cut off\b/, 'disconnect, drop connections'],
  [/\blooks? on\b/, 'watch'],
  [/\btells? (?:more|of|about)\b/, 'explains, reports'],
  [/\bcut nobody off\b/, 'without dropping connections'],
  [/\bsent away\b/, 'rejected'],
  [/\bwhat (?:goes (?!wrong)|comes )/i, 'removals, additions'],
  [/; without, /, 'by default'],
];

/** Pages for users: everything except decisions. */
function pages(): { name: string; text: string }[] {
  const folders = [
    '',
    'docs',
    'docs/commands',
    'packages/cli',
    'packages/cli/man',
    'packages/cli/completions',
  ];
  return folders
    .flatMap((folder) =>
      readdirSync(join(CHECKOUT, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.md$|\.8$|\.bash$|\.fish$|^_/.test(entry.name))
        .filter(({ name }) => name !== 'CHANGELOG.md')
        .map(({ name }) => join(folder, name)),
    )
    .map((name) => ({ name, text: readFileSync(join(CHECKOUT, name), 'utf8') }));
}

/** The texts in a source file, without its comments: messages, help, findings. */
function messages(text: string): string {
  const code = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const texts = code.replaceAll(/\$\{[^}]*\}/g, '');
  return (texts.match(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g) ?? []).join('\n');
}

function found(text: string): string[] {
  return PHRASES.flatMap(([phrase, instead]) => {
    const match = phrase.exec(text.replaceAll(/\s+/g, ' '));
    return match === null ? [] : [`“${match[0]}”: write ${instead}`];
  });
}

describe('the language', () => {
  it('of pages is plain English', () => {
    const faults = pages().flatMap(({ name, text }) => found(text).map((each) => `${name}: ${each}`));
    expect(faults).to.deep.equal([]);
  });

  for (const name of ['netlink', 'ipvs', 'director', 'agent', 'cli'] as const)
    it(`of messages in packages/${name} is plain English`, () => {
      const faults = sourceFiles(name).flatMap((file) =>
        found(messages(file.text)).map((each) => `${file.name}: ${each}`),
      );
      expect(faults).to.deep.equal([]);
    });
});
