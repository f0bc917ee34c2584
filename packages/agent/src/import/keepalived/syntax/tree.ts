import { type Place, type Remarks } from '../../remarks.js';
import { unreadable } from '../../text-file.js';
import { plainWords, shellWords } from './quotes.js';
import type { Token } from './statement.js';

/** A statement with its block. */
export interface Node extends Place {
  /** As written, without comment and braces. */
  readonly text: string;
  /** Its first word. */
  readonly word: string;
  /** What follows it. */
  readonly values: readonly string[];
  /** The statements in its block; undefined without a block. */
  readonly children: readonly Node[] | undefined;
}

/** How deep blocks may be nested. */
const DEEPEST_BLOCK = 100;

interface Open {
  readonly node: Node;
  readonly children: Node[];
}

/** Makes a tree of the tokens. Throws ERR_AGENT_IMPORT if braces do not match. */
export function treeOf(tokens: readonly Token[], remarks: Remarks): readonly Node[] {
  const root: Node[] = [];
  const open: Open[] = [];
  let previous: Token | undefined;
  for (const token of tokens) {
    const siblings = open.at(-1)?.children ?? root;
    if (token.kind === 'statement') siblings.push(nodeOf(token));
    else if (token.kind === 'open') {
      if (open.length >= DEEPEST_BLOCK)
        throw unreadable(token, `blocks lie more than ${DEEPEST_BLOCK} deep in one another`);
      const node = previous?.kind === 'statement' ? siblings.pop() : undefined;
      if (node === undefined) {
        remarks.dropped(
          token,
          'a block without a word before it; keepalived reads its lines as if they had no braces',
        );
      }
      const children: Node[] = [];
      const block = { ...(node ?? nodeOf({ ...token, text: '' })), children };
      siblings.push(block);
      open.push({ node: block, children });
    } else {
      const closed = open.pop();
      if (closed === undefined)
        throw unreadable(token, 'this } has no { before it; remove it, or find the { that is missing');
    }
    previous = token;
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    const { node } = unclosed;
    throw unreadable(
      node,
      `the block of ${node.text === '' ? '{' : JSON.stringify(node.text)} that begins here has no }`,
    );
  }
  return root;
}

function nodeOf({ file, line, text }: Place & { readonly text: string }): Node {
  const [word = '', ...values] = plainWords(text);
  return { file, line, text, word, values, children: undefined };
}

/** The values of a node in which single quotes and backslashes count, as in scripts and patterns. */
export function shellValues(node: Node): readonly string[] {
  return shellWords(node.text).slice(1);
}
