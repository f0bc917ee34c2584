import type { Node } from './tree.js';

/** The tree as the text of a configuration, which reads as the same tree. */
export function printTree(nodes: readonly Node[], indent = ''): string {
  return nodes.map((node) => printNode(node, indent)).join('');
}

function printNode(node: Node, indent: string): string {
  const head = `${indent}${node.text}`;
  if (node.children === undefined) return `${head}\n`;
  return `${head} {\n${printTree(node.children, `${indent}    `)}${indent}}\n`;
}
