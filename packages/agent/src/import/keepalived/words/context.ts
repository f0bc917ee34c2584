import type { Remarks } from '../../remarks.js';
import type { Node } from '../syntax/tree.js';
import { MEANT, type Word, type Words } from './word.js';

/**
 * Imports the value of a word. Returns why, if keepalived ignores it; `done` if it has made its own remark; and
 * undefined if the word's general remark applies.
 */
type Handler<T> = (target: T, node: Node) => string | undefined;

/** Handlers by word. */
export type Handlers<T> = Readonly<Record<string, Handler<T>>>;

/** The result of a handler that has made its own remark. */
export const DONE = 'done';

/** Reads the words of a block: each gets a remark, and those with a handler change `target`. */
export function readBlock<T>(
  nodes: readonly Node[],
  words: Words,
  handlers: Handlers<T>,
  target: T,
  remarks: Remarks,
): void {
  for (const node of nodes) {
    const word = Object.hasOwn(words, node.word) ? (words[node.word] as Word) : undefined;
    if (word === undefined) unknown(node, words, remarks);
    else readWord(node, word, handlers[node.word], target, remarks);
  }
}

function readWord<T>(
  node: Node,
  word: Word,
  handler: Handler<T> | undefined,
  target: T,
  remarks: Remarks,
): void {
  if (word.block === true && node.children === undefined) {
    remarks.dropped(node, `${node.text}: it has no block, so keepalived ignores it`);
    return;
  }
  if (node.values.length < (word.values ?? 0)) {
    remarks.dropped(
      node,
      `${node.text}: a value is missing, so keepalived refuses the file; add it or remove the line`,
    );
    dropChildren(node, 'dropped', remarks);
    return;
  }
  const why = handler?.(target, node);
  if (why === DONE) return;
  if (typeof why === 'string') remarks.dropped(node, `${node.text}: ${why}; keepalived ignores it too`);
  else {
    remarks.add(node, word.fate, `${node.text}: ${word.about}`);
    if (handler === undefined && word.fate !== 'taken over') dropChildren(node, word.fate, remarks);
  }
  if (word.block !== true && node.children !== undefined)
    misread(node, 'differs', remarks, 'keepalived expects no block here');
}

function unknown(node: Node, words: Words, remarks: Remarks): void {
  const isKnown = Object.hasOwn(MEANT, node.word);
  const close = isKnown ? MEANT[node.word] : remarks.meant(node.word, words);
  const meant = close !== undefined ? `; it may mean ${close}` : isKnown ? '; only old versions had it' : '';
  remarks.dropped(node, `${node.text}: keepalived does not know this word here and ignores it${meant}`);
  if (node.children !== undefined) misread(node, 'dropped', remarks, 'an unknown block');
}

function misread(node: Node, fate: 'differs' | 'dropped', remarks: Remarks, what: string): void {
  remarks.add(
    node,
    fate,
    `${node.text}: ${what}: keepalived takes its } for the end of the block around it, and misreads what follows; here it is left out as a whole`,
  );
  dropChildren(node, 'dropped', remarks);
}

/** A remark for every line of a block that is left out. */
export function dropChildren(
  node: Node,
  fate: 'dropped' | 'differs' | 'kept' | 'skipped',
  remarks: Remarks,
): void {
  for (const child of node.children ?? []) {
    remarks.add(child, fate, `${child.text}: with the block of ${node.word}`);
    dropChildren(child, fate, remarks);
  }
}
