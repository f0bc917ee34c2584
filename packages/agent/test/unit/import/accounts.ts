/** What became of each directive of an imported file: it must be said, and said once. */
import type { Fate, Remark, TextFile } from '@ipvs-ts/agent';
import { Lexer, type LexerOptions } from '../../../dist/import/keepalived/syntax/lexer.js';
import { type Node, treeOf } from '../../../dist/import/keepalived/syntax/tree.js';
import { Remarks } from '../../../dist/import/remarks.js';

/** Directives of keepalived's file without a remark, and those that are both taken over and dropped. */
export function keepalivedGaps(
  file: TextFile,
  options: LexerOptions,
  remarks: readonly Remark[],
): readonly string[] {
  const read = new Remarks();
  const tree = treeOf(new Lexer(options, read).read(file), read);
  return gaps(tree.flatMap(withBlock), remarks);
}

/** The same for the lines of ldirectord's file. */
export function ldirectordGaps({ path, text }: TextFile, remarks: readonly Remark[]): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/).map((each, index) => ({
    file: path,
    line: index + 1,
    text: each.replace('\ufeff', '').replace(/\t/g, '    ').trim(),
  }));
  return gaps(
    lines.filter((line) => line.text !== '' && !line.text.startsWith('#')),
    remarks,
    false,
  );
}

function withBlock(node: Node): readonly Node[] {
  return [node, ...(node.children ?? []).flatMap(withBlock)];
}

interface Directive {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

function gaps(directives: readonly Directive[], remarks: readonly Remark[], named = true): readonly string[] {
  const at = grouped(remarks, ({ file, line }) => `${file}:${line}`);
  const times = grouped(directives, ({ file, line, text }) => JSON.stringify([file, line, text]));
  return directives.flatMap((directive) => {
    const { file, line, text } = directive;
    const here = at.get(`${file}:${line}`) ?? [];
    const word = /^\S*/.exec(text)?.[0] ?? '';
    const own = named ? here.filter((remark) => visible(remark.text).includes(visible(word))) : here;
    if (own.length === 0) return [`${file}:${line}: ${text}: no remark`];
    const whole = here.filter((remark) => visible(remark.text).startsWith(`${visible(text)}:`));
    const has = (fate: Fate): boolean => whole.some((remark) => remark.fate === fate);
    const isAlone = times.get(JSON.stringify([file, line, text]))?.length === 1;
    return isAlone && has('taken over') && has('dropped')
      ? [`${file}:${line}: ${text}: both taken over and dropped`]
      : [];
  });
}

/** Control characters as remarks show them. */
function visible(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, 300);
}

/** Values by what `keyOf` says of each. */
export function grouped<T, K>(values: readonly T[], keyOf: (value: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}
