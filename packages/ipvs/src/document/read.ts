import { checkChoice, checkOptions, wrongType } from '../argument-checks.js';
import { DOCUMENT, placeText, shown } from '../place.js';
import { inspectDocument, type Inspection } from './check.js';
import { checkedBefore, keepChecked } from './checked.js';
import { DocumentError, type DocumentProblem } from './document-error.js';
import { checkExtensions, type DocumentExtensions } from './extensions.js';
import { jsonSource } from './source/json.js';
import { Locator, plainValue } from './locate.js';
import type { PlacedProblem } from './problems.js';
import { repeatedNames, versions } from './source/repeated.js';
import { DEEPEST, mapNode, MOST_VALUES, positionsOf, type Source, type SourceNode } from './source/source.js';
import type { DesiredState } from './state.js';
import { yamlSource } from './source/yaml.js';

/** The languages of documents. */
export type DocumentFormat = 'json' | 'yaml';

/** How a document is read. */
export interface ReadDocumentOptions {
  /** What errors call the text: the name of its file. */
  readonly file?: string | undefined;
  /** By default what the file's name ends in, `.json`, `.yaml` or `.yml`; else JSON if it is JSON, and YAML otherwise. */
  readonly format?: DocumentFormat | undefined;
  /** Fields that another program adds. They stay in the state that is returned. */
  readonly extensions?: DocumentExtensions | undefined;
}

/** Where editors look for the address of the schema; it is ignored. */
const SCHEMA_FIELD = '$schema';

/** The contents of so many repeated names are checked. */
const MOST_VERSIONS = 500;

/**
 * Reads a document of desired state: strict JSON, or YAML 1.2. Rejects with a {@link DocumentError}, whose `problems`
 * are all mistakes of the document, in their order, each with line, column, path and what is allowed. It talks to no
 * kernel: whether an interface or a scheduler exists is found when the state is planned. The state is frozen, so that
 * plans need not check it again.
 */
export async function readDocument(text: string, options: ReadDocumentOptions = {}): Promise<DesiredState> {
  if (typeof text !== 'string') throw wrongType('text', 'a string', text);
  checkOptions('options', options, ['file', 'format', 'extensions']);
  const { file, format, extensions = {} } = options;
  if (file !== undefined && typeof file !== 'string') throw wrongType('options.file', 'a string', file);
  if (format !== undefined) checkChoice('options.format', format, ['json', 'yaml']);
  checkExtensions('options.extensions', extensions);
  const language = format ?? formatOf(file ?? '', text);
  const source = language === 'json' ? jsonSource(text) : await yamlSource(text);
  if (source.node !== undefined && source.problems.length === 0 && !isTooMuch(source.node)) {
    const root = withoutSchema(source.node);
    const state = plainValue(root);
    const { document, problems } = inspect(state, extensions);
    if (problems.length === 0 && repeatedNames(root).length === 0)
      return keepChecked(state as DesiredState, document);
  }
  const problems = sorted(problemsOf(source, text, extensions));
  throw new DocumentError(`read the document${file === undefined ? '' : ` ${file}`}`, problems, { file });
}

/** How {@link stateProblems} checks. */
export interface StateProblemsOptions {
  /** Fields that another program adds. */
  readonly extensions?: DocumentExtensions | undefined;
}

/** All mistakes of a desired state; none: it can be planned. It talks to no kernel. */
export function stateProblems(
  desired: DesiredState,
  options: StateProblemsOptions = {},
): readonly DocumentProblem[] {
  checkOptions('options', options, ['extensions']);
  const { extensions } = options;
  if (extensions === undefined && checkedBefore(desired) !== undefined) return [];
  if (extensions !== undefined) checkExtensions('options.extensions', extensions);
  return inspect(desired, extensions).problems.map(({ problem }) => problem);
}

function formatOf(file: string, text: string): DocumentFormat {
  const ending = /\.(json|ya?ml)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending !== undefined) return ending === 'json' ? 'json' : 'yaml';
  if (!/^\ufeff?\s*\{/.test(text)) return 'yaml';
  // A flow mapping of YAML begins so too.
  return jsonSource(text).node === undefined ? 'yaml' : 'json';
}

function problemsOf(source: Source, text: string, extensions: DocumentExtensions): DocumentProblem[] {
  const positions = positionsOf(text);
  const syntax = source.problems.map(({ at: offset, allowed, message }) => ({
    path: DOCUMENT,
    allowed,
    message,
    ...positions(offset),
  }));
  if (source.node === undefined) return syntax.length > 0 ? syntax : [EMPTY];
  if (isTooMuch(source.node)) return [...syntax, TOO_MUCH];
  const root = withoutSchema(source.node);
  const found = (node: SourceNode): DocumentProblem[] => {
    const locator = new Locator(node);
    const placed = (each: PlacedProblem): DocumentProblem => ({
      ...each.problem,
      ...positions(locator.offsetOf(each)),
    });
    return inspect(plainValue(node), extensions).problems.map(placed);
  };
  const repeated = repeatedNames(root).map(({ name, place, offset, first }) => ({
    path: placeText(place),
    allowed: 'each name once',
    message: `${placeText(place)} is a duplicate: ${shown(name)} is already in line ${positions(first).line}`,
    ...positions(offset),
  }));
  // What is under a repeated name can have mistakes too.
  const behind = take(versions(root), MOST_VERSIONS).flatMap(found);
  return [...syntax, ...repeated, ...found(root), ...behind];
}

function isTooMuch({ size, depth }: SourceNode): boolean {
  return size > MOST_VALUES || depth > DEEPEST;
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

function inspect(desired: unknown, extensions: DocumentExtensions | undefined): Inspection {
  const work = inspectDocument(desired, extensions);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
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
