/** A fenced block of a Markdown document, and what the comments before it say about it. */
export interface Block {
  /** The first word behind the fence: `sh`, `ts`; empty if there is none. */
  readonly language: string;
  readonly text: string;
  /** Line of the fence in the document, from 1. */
  readonly line: number;
  readonly rules: readonly Rule[];
}

/** A comment `<!-- test: NAME: VALUE -->`; of `before` and `after` the value is on the lines below. */
interface Rule {
  readonly name: RuleName;
  readonly value: string;
}

/** The rules that a comment may state (see CONTRIBUTING.md), and whether each takes a value. */
const RULES = {
  file: true,
  output: false,
  continues: false,
  fails: true,
  before: true,
  after: true,
  'on the host': false,
  'not run': true,
} as const satisfies Record<string, boolean>;

/** The name of a rule. */
export type RuleName = keyof typeof RULES;

const NAMES = Object.keys(RULES) as RuleName[];

/** The comment at the end of the text before a fence. */
const COMMENT = /<!--\s*test:\s*((?:(?!-->)[\s\S])*?)\s*-->\s*$/;

/** A fence: its indentation, its marks, and the text after them. */
const FENCE = /^( *)(`{3,}|~{3,}) *(.*)$/;

/** All fenced blocks of a document. Throws a `SyntaxError` for an unknown rule, or a fence without an end. */
export function blocks(document: string): Block[] {
  const lines = document.split('\n');
  const found: Block[] = [];
  let prose = 0;
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', marks = '', info = ''] = FENCE.exec(lines[at] ?? '') ?? [];
    if (marks === '') continue;
    const end = lines.findIndex((text, index) => index > at && text.trim() === marks);
    if (end < 0) throw new SyntaxError(`line ${at + 1}: the block has no end`);
    found.push({
      language: info.split(/\s/)[0] ?? '',
      text: lines
        .slice(at + 1, end)
        .map((text) => (text.startsWith(indent) ? text.slice(indent.length) : text.trimStart()))
        .join('\n'),
      line: at + 1,
      rules: rulesBefore(lines.slice(prose, at).join('\n'), at + 1),
    });
    at = end;
    prose = end + 1;
  }
  return found;
}

/** The value of a block's rule; undefined without such a rule. */
export function ruleOf(block: Block, name: RuleName): string | undefined {
  return block.rules.find((rule) => rule.name === name)?.value;
}

/** The comments at the end of `prose`, in their order. */
function rulesBefore(prose: string, line: number): Rule[] {
  const rules: Rule[] = [];
  let rest = prose;
  for (let match = COMMENT.exec(rest); match !== null; match = COMMENT.exec(rest)) {
    rules.unshift(rule(match[1] ?? '', line));
    rest = rest.slice(0, match.index);
  }
  return rules;
}

function rule(text: string, line: number): Rule {
  const name = NAMES.find(
    (each) => text === each || (/^[:\s]/.test(text.slice(each.length)) && text.startsWith(each)),
  );
  if (name === undefined)
    throw new SyntaxError(`line ${line}: no rule "${text}"; there are ${NAMES.join(', ')}`);
  const value = text.slice(name.length).replace(/^:?\s*/, '');
  if ((value !== '') !== RULES[name])
    throw new SyntaxError(`line ${line}: ${name} takes ${RULES[name] ? 'a value' : 'no value'}`);
  return { name, value };
}
