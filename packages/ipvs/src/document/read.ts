import { TimeSlice } from '@ipvs-ts/netlink';
import { checkChoice, checkInteger, checkOptions, wrongType } from '../argument-checks.js';
import { DOCUMENT, placeText, shown } from '../place.js';
import { type Extent, inspectDocument, type Inspection } from './check.js';
import { checkedBefore, keepChecked } from './origin.js';
import { DocumentError, type DocumentProblem } from './document-error.js';
import { checkExtensions, type DocumentExtensions } from './extensions.js';
import { LaterProblem, placed } from './problems.js';
import { Locator, plainValue } from './locate.js';
import { keepOrigin } from './origin.js';
import { positionsOf } from './source/positions.js';
import { repeatedNames, versions } from './source/repeated.js';
import { DEEPEST, mapNode, MOST_VALUES, type Source, type SourceNode } from './source/source.js';
import { type DocumentFormat, formatOf, readPlain, readSource } from './source/text.js';
import type { CheckedDocument, DesiredState } from './state.js';

/** Options of reading a document. */
export interface ReadDocumentOptions {
  /** The name of the text in errors: its file. */
  readonly file?: string | undefined;
  /**
   * By default it is decided by the suffix of `file`: `.json`, `.yaml` or `.yml`. Without one of these, the text is
   * JSON if it parses as JSON, otherwise YAML.
   */
  readonly format?: DocumentFormat | undefined;
  /** The longest text that is read, in bytes of UTF-8, 1 to 2147483647; 67108864 (64 MiB) by default. */
  readonly maxBytes?: number | undefined;
  /** Fields that another program adds. They stay in the returned state. */
  readonly extensions?: DocumentExtensions | undefined;
}

/** The longest document by default: 64 MiB, some 500 000 services. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** The field in which editors look for the address of the schema; it is ignored. */
const SCHEMA_FIELD = '$schema';

/** The number of repeated names whose contents are checked. */
const MOST_VERSIONS = 500;

/**
 * Reads a document of desired state: strict JSON, or YAML 1.2. Rejects with a {@link DocumentError}, whose `problems`
 * are all mistakes in the document, in order, each with line, column, path and the allowed values. It does not use the
 * kernel: whether an interface or a scheduler exists is checked when the state is planned. The state is frozen, so
 * plans need not check it again.
 */
export async function readDocument(text: string, options: ReadDocumentOptions = {}): Promise<DesiredState> {
  if (typeof text !== 'string') throw wrongType('text', 'a string', text);
  checkOptions('options', options, ['file', 'format', 'maxBytes', 'extensions']);
  const { file, format, maxBytes = MAX_DOCUMENT_BYTES, extensions = {} } = options;
  if (file !== undefined && typeof file !== 'string') throw wrongType('options.file', 'a string', file);
  if (format !== undefined) checkChoice('options.format', format, ['json', 'yaml']);
  checkInteger('options.maxBytes', maxBytes, 1, 0x7fff_ffff);
  checkExtensions('options.extensions', extensions);
  const fail = (problems: readonly DocumentProblem[]): never => {
    throw new DocumentError(`read the document${file === undefined ? '' : ` ${file}`}`, problems, { file });
  };
  const keep = (state: unknown, document: CheckedDocument): DesiredState => {
    keepOrigin(state as DesiredState, { text, format: language, file });
    return keepChecked(state as DesiredState, document);
  };
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) fail([tooLong(bytes, maxBytes)]);
  const language = format ?? formatOf(file ?? '', text);
  const plain = readPlain(text, language);
  if (plain !== undefined) {
    const state = withoutSchema(plain.value);
    const { document, problems } = await inspectInSlices(state, extensions, 'any');
    if (problems.length === 0) return keep(state, document);
  }
  const source = await readSource(text, language);
  const problems = sorted(await problemsOf(source, text, extensions));
  if (problems.length > 0) return fail(problems);
  // Only the full YAML parser could read it.
  const state = plainValue(nodeWithoutSchema(source.node as SourceNode));
  const { document } = await inspectInSlices(state, extensions);
  return keep(state, document);
}

/** Options of {@link stateProblems}. */
export interface StateProblemsOptions {
  /** Fields that another program adds. */
  readonly extensions?: DocumentExtensions | undefined;
  /** Whether to freeze a state without mistakes, so that plans and {@link writeDocument} need not check it again. */
  readonly freeze?: boolean | undefined;
}

/** Returns all mistakes in a desired state; it can be planned if there are none. It does not use the kernel. */
export function stateProblems(
  desired: DesiredState,
  options: StateProblemsOptions = {},
): readonly DocumentProblem[] {
  checkOptions('options', options, ['extensions', 'freeze']);
  const { extensions, freeze = false } = options;
  if (typeof freeze !== 'boolean') throw wrongType('options.freeze', 'a boolean', freeze);
  if (extensions === undefined && checkedBefore(desired) !== undefined) return [];
  if (extensions !== undefined) checkExtensions('options.extensions', extensions);
  const work = inspectDocument(desired, extensions);
  for (;;) {
    const step = work.next();
    if (step.done !== true) continue;
    const { document, problems } = step.value;
    if (freeze && problems.length === 0) keepChecked(desired, document);
    return problems.map(({ problem }) => problem);
  }
}

/** Finds the mistakes in a document, and blocks the event loop for at most a millisecond at a time. */
export async function inspectInSlices(
  desired: unknown,
  extensions: DocumentExtensions = {},
  extent: Extent = 'all',
): Promise<Inspection> {
  const work = inspectDocument(desired, extensions, extent);
  const slice = new TimeSlice();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (slice.isOver()) await slice.pause();
  }
}

async function problemsOf(
  source: Source,
  text: string,
  extensions: DocumentExtensions,
): Promise<DocumentProblem[]> {
  const positions = positionsOf(text);
  const syntax = source.problems.map(({ at: offset, allowed, message }) => ({
    path: DOCUMENT,
    allowed,
    message,
    ...positions(offset),
  }));
  if (source.node === undefined) return syntax.length > 0 ? syntax : [EMPTY];
  if (isTooMuch(source.node)) return [...syntax, TOO_MUCH];
  const root = nodeWithoutSchema(source.node);
  const found = async (node: SourceNode): Promise<DocumentProblem[]> => {
    const locator = new Locator(node);
    const { problems } = await inspectInSlices(plainValue(node), extensions);
    return problems.map((each) => placed(each, () => positions(locator.offsetOf(each))));
  };
  const all: DocumentProblem[] = [...syntax];
  for (const { name, place, offset, first } of repeatedNames(root))
    all.push({
      path: placeText(place),
      allowed: 'each name once',
      message: `${placeText(place)} is a duplicate: ${shown(name)} is already in line ${positions(first).line}`,
      ...positions(offset),
    });
  for (const problem of await found(root)) all.push(problem);
  // The value of a repeated name can have mistakes too.
  let checked = 0;
  for (const version of versions(root)) {
    if (checked++ === MOST_VERSIONS) break;
    all.push(...(await found(version)));
  }
  return all;
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

function tooLong(bytes: number, maxBytes: number): DocumentProblem {
  const allowed = `at most ${maxBytes} bytes`;
  const message = `the document has ${bytes} bytes, and the limit is ${maxBytes} (maxBytes)`;
  return { path: DOCUMENT, allowed, message };
}

/** Removes the address of the schema from a value that is not shared. */
function withoutSchema(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Reflect.deleteProperty(value, SCHEMA_FIELD);
  return value;
}

function nodeWithoutSchema(node: SourceNode): SourceNode {
  if (node.kind !== 'map') return node;
  return mapNode(
    node.at,
    node.entries.filter(({ name }) => name !== SCHEMA_FIELD),
  );
}

/** Sorts problems by their place in the text, and reports those in an aliased value once. Later ones come last. */
function sorted(problems: readonly DocumentProblem[]): DocumentProblem[] {
  const first = problems.filter((each) => !(each instanceof LaterProblem));
  const unique = new Map(first.map((each) => [`${each.line} ${each.column} ${each.message}`, each]));
  return [
    ...[...unique.values()].sort(
      (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
    ),
    ...problems.filter((each) => each instanceof LaterProblem),
  ];
}
