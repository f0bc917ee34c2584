import { printTree } from './syntax/print.js';
import type { Node } from './syntax/tree.js';

/** The name under which VRRP instances track the file. */
const NAME = 'ipvs_ts';

/**
 * The lines that stay in keepalived. `trackFile`: the file in which the agent says whether the director is fit; each
 * VRRP instance tracks it, and is in the fault state while the director is not fit.
 */
export function keptText(nodes: readonly Node[], trackFile: string | undefined): string {
  if (trackFile === undefined) return printTree(nodes);
  const track = statement(`track_file ${NAME}`, [statement(`file "${trackFile}"`), statement('weight 0')]);
  const first = nodes.findIndex(({ word }) => word !== 'global_defs');
  const tracked = nodes.map((node) => (node.word === 'vrrp_instance' ? tracking(node) : node));
  return printTree([...tracked.slice(0, first), track, ...tracked.slice(first)]);
}

function tracking(node: Node): Node {
  const children = node.children ?? [];
  const at = children.findIndex(({ word }) => word === 'track_file');
  const entry = statement(NAME);
  if (at === -1) return { ...node, children: [...children, statement('track_file', [entry])] };
  const own = children[at] as Node;
  const more = { ...own, children: [...(own.children ?? []), entry] };
  return { ...node, children: [...children.slice(0, at), more, ...children.slice(at + 1)] };
}

function statement(text: string, children?: readonly Node[]): Node {
  return { file: '', line: 0, text, word: text.split(' ')[0] as string, values: [], children };
}
