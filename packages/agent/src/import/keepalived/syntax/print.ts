import { isUnterminated, withNamedSigns } from './quotes.js';
import type { Node } from './tree.js';

/** The tree as the text of a configuration, which reads as the same tree. */
export function printTree(nodes: readonly Node[], indent = ''): string {
  return nodes.map((node) => printNode(node, indent)).join('');
}

function printNode(node: Node, indent: string): string {
  const head = `${indent}${withNamedSigns(node.text)}`;
  if (node.children === undefined) return `${head}\n`;
  // A brace after an open quote would be part of the text.
  const brace = isUnterminated(node.text) ? `\n${indent}{` : ' {';
  return `${head}${brace}\n${printTree(node.children, `${indent}    `)}${indent}}\n`;
}
