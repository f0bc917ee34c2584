import { AgentError, importKeepalived, type Remark, type TextFile } from '@ipvs-ts/agent';
import { expect } from 'chai';
import fc from 'fast-check';
import { Remarks } from '../../../../dist/import/remarks.js';
import { Lexer } from '../../../../dist/import/keepalived/syntax/lexer.js';
import { printTree } from '../../../../dist/import/keepalived/syntax/print.js';
import { plainWords, shellWords } from '../../../../dist/import/keepalived/syntax/quotes.js';
import { type Node, treeOf } from '../../../../dist/import/keepalived/syntax/tree.js';

/** A tree without places. */
interface Shape {
  readonly text: string;
  readonly children?: readonly Shape[] | undefined;
}

function parse(
  text: string,
  files: Readonly<Record<string, string>> = {},
): { tree: Shape[]; remarks: readonly Remark[] } {
  const remarks = new Remarks();
  const readIncluded = (pattern: string): TextFile[] =>
    pattern in files ? [{ path: pattern, text: files[pattern] as string }] : [];
  const tokens = new Lexer({ configId: 'lb1', readIncluded }, remarks).read({ path: 'main', text });
  return { tree: treeOf(tokens, remarks).map(shape), remarks: remarks.list };
}

function shape({ text, children }: Node): Shape {
  return { text, ...(children !== undefined && { children: children.map(shape) }) };
}

/** The statements of a text, without blocks. */
const lines = (text: string, files?: Readonly<Record<string, string>>): string[] =>
  parse(text, files).tree.map((node) => node.text);

const word = fc.stringMatching(/^[a-z0-9_./:-]{1,12}$/).filter((each) => !/^include[abmrw]?$/.test(each));
const quoted = fc.stringMatching(/^[ a-z#!{}']{0,10}$/).map((text) => `"${text}"`);
const statement = fc
  .tuple(word, fc.array(fc.oneof(word, quoted), { maxLength: 4 }))
  .map(([first, more]) => [first, ...more].join(' '));
const { tree: trees } = fc.letrec<{ tree: Shape[]; node: Shape }>((tie) => ({
  tree: fc.array(tie('node'), { maxLength: 5 }),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    statement.map((text) => ({ text })),
    fc.tuple(statement, tie('tree')).map(([text, children]) => ({ text, children })),
  ),
}));

describe('the syntax of keepalived', () => {
  it('omits a line that uses an unknown definition, with its place', () => {
    const { tree, remarks } = parse('a ${NONE}\nb "${SHELL}"\nc ${NONE} {\nd\n}\n');
    expect(tree.map(({ text }) => text)).to.deep.equal(['b "${SHELL}"', 'c ${NONE}']);
    expect(remarks.map(({ line, fate }) => [line, fate])).to.deep.equal([
      [1, 'dropped'],
      [3, 'differs'],
    ]);
  });

  it('reads what it prints', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const printed = printTree(tree as unknown as Node[]);
        expect(parse(printed).tree).to.deep.equal(tree);
      }),
    );
  });

  it('reads one-line blocks, blocks on lines of their own, and blanks between', () => {
    fc.assert(
      fc.property(trees, fc.constantFrom(' ', '\n', '\n\n \t', '\r\n'), (tree, gap) => {
        const print = (nodes: readonly Shape[]): string =>
          nodes
            .map(({ text, children }) =>
              children === undefined ? `${text}\n` : `${text}${gap}{${gap}${print(children)}}`,
            )
            .join('');
        expect(parse(print(tree)).tree).to.deep.equal(tree);
      }),
    );
  });

  it('survives any text: a tree, or an error with a place', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'virtual_server 10.0.0.1 80',
        'real_server',
        '{',
        '}',
        '"',
        "'",
        '\\',
        '\n',
        '#',
        '!',
        '$A=',
        '$A',
      ),
      fc.constantFrom(
        '${A}',
        '@lb1 ',
        '@^x',
        '~SEQ(A,1,3)',
        '~LST(A,1,2)',
        'include x',
        'TCP_CHECK',
        'url',
        'group g',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join(' ');
        try {
          importKeepalived({ path: 'main', text }, { readIncluded: () => [{ path: 'x', text: '$A=1\n' }] });
        } catch (error) {
          if (!AgentError.is(error, 'ERR_AGENT_IMPORT')) throw error;
          expect(error.message).to.match(/^(?:main|x):\d+: /);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('replaces definitions at their use, the last value first', () => {
    expect(lines('$A=1\na $A\n$A=2\nb ${A}x $A')).to.deep.equal(['a 1', 'b 2x 2']);
    expect(lines('$A=1${B}\n$B=2\nx ${A}3\n$B=4\nx ${A}3')).to.deep.equal(['x 123', 'x 143']);
    expect(lines('x $NONE $A.3\n$A=1\ny a$A')).to.deep.equal(['x $NONE $A.3', 'y a1']);
    expect(lines('$M= \\\n a ${N} \\\n b\n$N=1\n$M\n$N=2\n$M')).to.deep.equal(['a 1', 'b', 'a 2', 'b']);
    expect(lines('$E=\nx ${E}y\n$E')).to.deep.equal(['x y']);
  });

  it('repeats lines', () => {
    expect(lines('~SEQ(I, 1, 3) x ${I}')).to.deep.equal(['x 1', 'x 2', 'x 3']);
    expect(lines('~SEQ(I, 3, -2, -1) x $I')).to.deep.equal(['x 3', 'x 1', 'x -1']);
    expect(lines('~SEQ(I, 2) ~SEQx(J, 0x9, 1, 0xb) x $I $J')).to.have.length(6);
    expect(lines('~LST({A,B}, {1,2},{3,4}) x $A-$B ${A}-${B}')).to.deep.equal(['x $A-2 1-2', 'x $A-4 3-4']);
    const { remarks } = parse('~SEQ(I, 1, 0, 3) x\n~SEQ(I, 1, -1, 3) x\n~LST(A) x\n~SEQ(I, 1 x');
    expect(remarks.map(({ fate, line }) => `${line} ${fate}`)).to.deep.equal([
      '1 dropped',
      '2 dropped',
      '3 dropped',
      '4 dropped',
    ]);
  });

  it('reads conditions, also before definitions of several lines', () => {
    expect(
      lines('@lb1 a\n@lb2 b\n@^lb1 c\n@^lb2 d\n@lb2 $M= \\\n x \\\n y\n@lb1 $M= \\\n z\n$M'),
    ).to.deep.equal(['a', 'd', 'z']);
  });

  it('includes files where they are named, with the definitions so far', () => {
    const files = { one: '$A=2\nx $A\ninclude two', two: 'y $A' };
    expect(lines('$A=1\ninclude one\nz $A\ninclude none', files)).to.deep.equal(['x 2', 'y 2', 'z 2']);
  });

  const bad: Readonly<Record<string, readonly [text: string, error: RegExp]>> = {
    'a brace too many': ['a {\n}\n}', /^main:3: this } has no {/],
    'a brace too few': ['a {\nb {\n}', /^main:1: the block of "a" that begins here has no }/],
    'a file that includes itself': ['include main', /^main:1: these files include one another/],
    'definitions without end': ['$A=x ${A}\ny $A', /^main:2: the definitions that this line uses/],
    'definitions that double without end': [
      `${Array.from({ length: 40 }, (_, n) => `$A${n}= \\\n $A${n + 1} \\\n $A${n + 1}`).join('\n')}\n$A40=\n$A0`,
      /^main:\d+: the file comes to more than/,
    ],
    'a repetition without end': [
      '~SEQ(I,1,99999999) x',
      /^main:1: the file comes to more than 1000000 lines/,
    ],
    'a zero byte': ['a\nb\0', /^main:2: this line has a zero byte/],
    'bytes that are no text': ['a \ufffd', /^main:1: this line has bytes that are not UTF-8/],
    'blocks without end': ['a {'.repeat(200), /^main:1: blocks lie more than 100 deep/],
  };
  for (const [name, [text, error]] of Object.entries(bad))
    it(`refuses ${name}`, () => {
      expect(() =>
        importKeepalived({ path: 'main', text }, { readIncluded: () => [{ path: 'main', text }] }),
      ).to.throw(AgentError, error);
    });

  it('splits words as keepalived does', () => {
    expect(plainWords('a "b c" d"e"f \'g h\'')).to.deep.equal(['a', 'b c', 'd', 'e', 'f', "'g", "h'"]);
    expect(shellWords('a "b c"d \'e "f\' g\\ h "\\x41\\101\\t\\"" ""')).to.deep.equal([
      'a',
      'b cd',
      'e "f',
      'g h',
      'AA\t"',
      '',
    ]);
  });
});
