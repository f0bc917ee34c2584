import { type Block, blocks, ruleOf } from './block.js';

/** The steps of a document. */
export type Step =
  | {
      readonly kind: 'shell';
      readonly line: number;
      readonly text: string;
      readonly fails: string | undefined;
      readonly host: boolean;
    }
  | {
      readonly kind: 'program';
      readonly line: number;
      readonly text: string;
      readonly fails: string | undefined;
    }
  | {
      readonly kind: 'file';
      readonly line: number;
      readonly text: string;
      readonly name: string;
      readonly language: string;
    }
  /** What the previous step must have printed. */
  | { readonly kind: 'output'; readonly line: number; readonly text: string }
  | { readonly kind: 'not run'; readonly line: number; readonly reason: string };

const SHELLS = ['sh', 'bash'];
const PROGRAMS = ['ts'];

/** The steps of a document. Throws a `SyntaxError` for a block without a known way to test it. */
export function steps(document: string): Step[] {
  const found: Step[] = [];
  for (const block of blocks(document)) {
    const last = found.at(-1);
    if (ruleOf(block, 'continues') === undefined) found.push(step(block, last));
    else if (last?.kind !== 'program' || !PROGRAMS.includes(block.language))
      throw new SyntaxError(`line ${block.line}: only a program can continue, directly behind a program`);
    else found[found.length - 1] = { ...last, text: `${last.text}\n${whole(block)}` };
  }
  return found;
}

function step(block: Block, last: Step | undefined): Step {
  const { line, language, text } = block;
  const reason = ruleOf(block, 'not run');
  const name = ruleOf(block, 'file');
  const fails = ruleOf(block, 'fails');
  if (reason !== undefined) return { kind: 'not run', line, reason };
  if (name !== undefined) return { kind: 'file', line, text: `${text}\n`, name, language };
  if (ruleOf(block, 'output') !== undefined) {
    if (last?.kind !== 'shell' && last?.kind !== 'program')
      throw new SyntaxError(`line ${line}: there is nothing before that this could be the output of`);
    return { kind: 'output', line, text };
  }
  if (SHELLS.includes(language))
    return {
      kind: 'shell',
      line,
      text: whole(block),
      fails,
      host: ruleOf(block, 'on the host') !== undefined,
    };
  if (PROGRAMS.includes(language)) return { kind: 'program', line, text: whole(block), fails };
  throw new SyntaxError(
    `line ${line}: nobody knows how to run a block of "${language}", and no rule says what to do`,
  );
}

/** The text of a block with the text that its comments add. */
function whole(block: Block): string {
  return [ruleOf(block, 'before'), block.text, ruleOf(block, 'after')]
    .filter((part) => part !== undefined)
    .join('\n');
}
