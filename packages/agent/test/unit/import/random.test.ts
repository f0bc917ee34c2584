import {
  AgentError,
  CHECK_TYPES,
  documentYaml,
  importKeepalived,
  importLdirectord,
  readDeclared,
  type Remark,
} from '@ipvs-ts/agent';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { Lexer } from '../../../dist/import/keepalived/syntax/lexer.js';
import { printTree } from '../../../dist/import/keepalived/syntax/print.js';
import { type Node, treeOf } from '../../../dist/import/keepalived/syntax/tree.js';
import { Remarks } from '../../../dist/import/remarks.js';
import { keepalivedGaps, ldirectordGaps } from './accounts.js';
import { corpus } from './corpus.js';
import { KEEPALIVED, LDIRECTORD, mutated } from './random-text.js';

const OPTIONS = { configId: 'lb1', readIncluded: () => [] };
const MARKED = { keepalived: importKeepalived, ldirectord: importLdirectord } as const;

function treeOfText(text: string): readonly Node[] {
  const remarks = new Remarks();
  return treeOf(new Lexer(OPTIONS, remarks).read({ path: 'f', text }), remarks);
}

interface Shape {
  readonly words: readonly string[];
  readonly children: readonly Shape[] | undefined;
}

function shapes(nodes: readonly Node[]): readonly Shape[] {
  return nodes.map(({ word, values, children }) => ({
    words: [word, ...values],
    children: children === undefined ? undefined : shapes(children),
  }));
}

function beginsSpecially({ text, children = [] }: Node): boolean {
  return /^(?:@|\$\w+=|~|include)/.test(text) || children.some(beginsSpecially);
}

/** What `work` returns; undefined where it throws the error of a file that cannot be read. */
function unlessUnreadable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (AgentError.is(error, 'ERR_AGENT_IMPORT') && /^f:\d+: ./.test((error as Error).message))
      return undefined;
    throw error;
  }
}

function checkImport(
  program: keyof typeof MARKED,
  text: string,
  gapsIn: (remarks: readonly Remark[]) => readonly string[],
): void {
  const imported = unlessUnreadable(() => MARKED[program]({ path: 'f', text }, OPTIONS));
  if (imported === undefined) return;
  const { problems } = readDeclared(imported.document, 'revision', CHECK_TYPES);
  expect(problems.map(({ message }) => message)).to.deep.equal([]);
  expect(parse(documentYaml(imported.document))).to.deep.equal(JSON.parse(JSON.stringify(imported.document)));
  expect(gapsIn(imported.remarks)).to.deep.equal([]);
}

const checkKeepalived = (text: string): void =>
  checkImport('keepalived', text, (remarks) => keepalivedGaps({ path: 'f', text }, OPTIONS, remarks));
const checkLdirectord = (text: string): void =>
  checkImport('ldirectord', text, (remarks) => ldirectordGaps({ path: 'f', text }, remarks));

describe('random files', function () {
  this.timeout(300_000);

  it('of keepalived read the same when they are printed', () =>
    fc.assert(
      fc.property(KEEPALIVED, (text) => {
        const tree = unlessUnreadable(() => treeOfText(text));
        // In a line of its own, what stood behind a brace would be a condition, a definition or a repetition.
        fc.pre(tree !== undefined && !tree.some(beginsSpecially));
        expect(shapes(treeOfText(printTree(tree)))).to.deep.equal(shapes(tree));
      }),
      { numRuns: 150 },
    ));

  it('of keepalived become valid documents, and each directive has its remark', () =>
    fc.assert(fc.property(KEEPALIVED, checkKeepalived), { numRuns: 250 }));

  it('of ldirectord become valid documents, and each line has its remark', () =>
    fc.assert(fc.property(LDIRECTORD, checkLdirectord), { numRuns: 250 }));

  it('that were damaged are read, or refused with their line', () => {
    const texts = (program: string): string[] =>
      [program, `field/${program}`].flatMap((folder) => corpus(folder).map(({ text }) => text));
    fc.assert(fc.property(mutated(texts('keepalived')), checkKeepalived), { numRuns: 250 });
    fc.assert(fc.property(mutated(texts('ldirectord')), checkLdirectord), { numRuns: 250 });
  });
});
