import { documentError } from './document-error.js';
import { type DesiredState, inspectDocument } from './check.js';
import { DOCUMENT } from './problems.js';
import { checkChoice, checkOptions, wrongType } from '../argument-checks.js';
import type { DocumentProblem } from '../errors.js';
import { jsonSource } from './json-source.js';
import { locate, plainValue } from './locate.js';
import { repeatedNames, versions } from './repeated.js';
import { DEEPEST, mapNode, MOST_VALUES, positionsOf, type Source, type SourceNode } from './source.js';
import { yamlSource } from './yaml-source.js';

/** The languages of documents. */
export type DocumentFormat = 'json' | 'yaml';

/** How a document is read. */
export interface ReadDocumentOptions {
  /** What errors call the text: the name of its file. */
  readonly file?: string | undefined;
  /** By default what the file's name ends in, `.json`, `.yaml` or `.yml`; else JSON if it is JSON, and YAML otherwise. */
  readonly format?: DocumentFormat | undefined;
}

/** The place of editors for the address of the schema; it says nothing here. */
const SCHEMA_FIELD = '$schema';

/** Of more repeated names the contents are looked at when there are fewer. */
const MOST_VERSIONS = 20;

/**
 * Reads a document of declared state: strict JSON, or YAML 1.2. Rejects with ERR_IPVS_DOCUMENT, whose `problems` are
 * all mistakes of the document, in their order, each with line, column, path and what is allowed. It talks to no
 * kernel: whether an interface or a scheduler is there shows when the state is applied.
 */
export async function readDocument(text: string, options: ReadDocumentOptions = {}): Promise<DesiredState> {
  if (typeof text !== 'string') throw wrongType('text', 'a string', text);
  checkOptions('options', options, ['file', 'format']);
  const { file, format } = options;
  if (file !== undefined && typeof file !== 'string') throw wrongType('options.file', 'a string', file);
  if (format !== undefined) checkChoice('options.format', format, ['json', 'yaml']);
  const language = format ?? formatOf(file ?? '', text);
  const source = language === 'json' ? jsonSource(text) : await yamlSource(text);
  const problems = sorted(problemsOf(source, text));
  if (problems.length > 0)
    throw documentError(
      file === undefined ? 'read the document' : `read the document ${file}`,
      problems,
      file,
    );
  return plainValue(withoutSchema(source.node as SourceNode)) as DesiredState;
}

/** All mistakes of a declared state; none: it can be planned. It talks to no kernel. */
export function stateProblems(desired: DesiredState): readonly DocumentProblem[] {
  return problemsIn(desired);
}

function formatOf(file: string, text: string): DocumentFormat {
  const ending = /\.(json|ya?ml)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending !== undefined) return ending === 'json' ? 'json' : 'yaml';
  if (!/^\ufeff?\s*\{/.test(text)) return 'yaml';
  // A flow mapping of YAML begins so too.
  return jsonSource(text).node === undefined ? 'yaml' : 'json';
}

function problemsOf(source: Source, text: string): DocumentProblem[] {
  const positions = positionsOf(text);
  const syntax = source.problems.map(({ at: offset, allowed, message }) => ({
    path: DOCUMENT,
    allowed,
    message,
    ...positions(offset),
  }));
  if (source.node === undefined) return syntax.length > 0 ? syntax : [EMPTY];
  if (source.node.size > MOST_VALUES || source.node.depth > DEEPEST) return [...syntax, TOO_MUCH];
  const root = withoutSchema(source.node);
  const found = (node: SourceNode): DocumentProblem[] =>
    problemsIn(plainValue(node)).map((problem) => ({ ...problem, ...positions(locate(node, problem)) }));
  const repeated = repeatedNames(root).map(({ name, path, offset, first }) => ({
    path,
    allowed: 'each name once',
    message: `${path} stands there twice; ${JSON.stringify(name)} is in line ${positions(first).line} already`,
    ...positions(offset),
  }));
  // What stands under a repeated name can have mistakes too.
  const behind = take(versions(root), MOST_VERSIONS).flatMap(found);
  return [...syntax, ...repeated, ...found(root), ...behind];
}

const EMPTY: DocumentProblem = {
  path: DOCUMENT,
  allowed: 'an object',
  message: 'the document is empty; one that declares nothing is: services: {}',
  line: 1,
  column: 1,
};

const TOO_MUCH: DocumentProblem = {
  ...EMPTY,
  allowed: 'less',
  message: `the document has more than ${MOST_VALUES} values, or more than ${DEEPEST} inside one another`,
};

function problemsIn(desired: unknown): readonly DocumentProblem[] {
  const work = inspectDocument(desired);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value.problems;
  }
}

function withoutSchema(node: SourceNode): SourceNode {
  if (node.kind !== 'map') return node;
  return mapNode(
    node.at,
    node.entries.filter(({ name }) => name !== SCHEMA_FIELD),
  );
}

/** In the order of the text, each once: what an alias repeats has its mistakes once. */
function sorted(problems: readonly DocumentProblem[]): DocumentProblem[] {
  const unique = new Map(problems.map((each) => [`${each.line} ${each.column} ${each.message}`, each]));
  return [...unique.values()].sort(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
}

function take<T>(items: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length === most) break;
    taken.push(item);
  }
  return taken;
}
