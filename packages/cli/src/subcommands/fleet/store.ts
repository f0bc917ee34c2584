/** The store that a director's file names, and documents for it. */
import type { Declared, DocumentDifference, EtcdSettings, Fleet } from '@ipvs-ts/agent';
import { type DocumentProblem, documentProblemText } from '@ipvs-ts/ipvs';
import { type AgentPackage, loadAgent } from '../framework/agent-package.js';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { painted } from '../framework/paint.js';
import { UsageError } from '../framework/usage-error.js';
import { visible } from '../framework/visible.js';
import { readNamed, STDIN } from '../state/state-file.js';

/** A store, open. */
export interface OpenFleet {
  readonly agent: AgentPackage;
  readonly fleet: Fleet;
  /** The share of destinations that a document may remove. */
  readonly maxRemoval: number;
}

/** A document of this command, without mistakes. */
export interface Document {
  readonly text: string;
  /** Its name in messages. */
  readonly file: string;
  readonly declared: Declared;
}

const MOST_PROBLEMS = 100;

/** Opens the store for `use`, and closes it. */
export async function withFleet(
  args: Arguments,
  io: SubcommandIo,
  use: (open: OpenFleet) => Promise<number>,
): Promise<number> {
  const agent = await loadAgent();
  const path = args.value('store') ?? agent.DEFAULT_PATHS.file;
  const { declared, problems } = await agent.readDeclaredText(
    await readNamed(path, io),
    path,
    '',
    agent.CHECK_TYPES,
  );
  if (declared === undefined) throw mistakes(problems, path);
  const settings: EtcdSettings | undefined = declared.agent.source?.etcd;
  if (settings === undefined)
    throw new UsageError(
      `${path} names no store: agent.source.etcd is missing; --store FILE names another file`,
    );
  const fleet = new agent.Fleet(settings);
  try {
    return await use({ agent, fleet, maxRemoval: declared.agent.limits.maxRemoval });
  } finally {
    fleet.close();
  }
}

/** Reads the document of `--file`. Rejects with every mistake in it. */
export async function readDocument(
  { fleet, agent }: OpenFleet,
  args: Arguments,
  io: SubcommandIo,
): Promise<Document> {
  const path = args.value('file');
  if (path === undefined) throw new UsageError('--file FILE is missing: the document; - is standard input');
  const text = await readNamed(path, io);
  const file = path === STDIN ? '<stdin>' : path;
  try {
    return { text, file, declared: await fleet.read(text, file) };
  } catch (error) {
    if (!agent.AgentError.is(error, 'ERR_AGENT_DOCUMENT')) throw error;
    throw mistakes(error.problems ?? [], file);
  }
}

/** The differences of a document from the one in force. */
export async function differencesFrom(
  { fleet, agent }: OpenFleet,
  current: { readonly text: string; readonly revision: string } | undefined,
  next: Declared,
): Promise<DocumentDifference[]> {
  const before = current === undefined ? undefined : await fleet.read(current.text, current.revision);
  return agent.compareDeclared(before, next);
}

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;
const PAINTS = { added: 'green', changed: 'yellow', removed: 'red' } as const;

/** One line for each difference, and their number. */
export function differencesText(differences: readonly DocumentDifference[], colour: boolean): string {
  if (differences.length === 0) return 'No changes: the document in force says the same.\n';
  const count = (kind: DocumentDifference['kind']): number =>
    differences.filter((each) => each.kind === kind).length;
  const lines = differences.map(
    ({ kind, text }) => `${painted(`${SIGNS[kind]} ${visible(text)}`, PAINTS[kind], colour)}\n`,
  );
  return `${lines.join('')}${count('added')} to add, ${count('changed')} to edit, ${count('removed')} to remove.\n`;
}

/** Whether the operator agrees; without a terminal, `--yes` is required. */
export async function agrees(question: string, args: Arguments, io: SubcommandIo): Promise<boolean> {
  if (args.has('yes')) return true;
  if (io.ask === undefined || args.value('file') === STDIN || args.has('json'))
    throw new UsageError('nothing was done: where nobody can be asked, --yes is needed');
  if (/^y(?:es)?$/i.test((await io.ask(`${question} [y/N] `)).trim())) return true;
  await io.stderr.write('Nothing was done.\n');
  return false;
}

/** The operator's name, for the history of the fleet. */
export function author({ env }: SubcommandIo): string {
  return env['SUDO_USER'] ?? env['USER'] ?? env['LOGNAME'] ?? 'unknown';
}

function mistakes(problems: readonly DocumentProblem[], file: string): Error {
  const lines = problems.slice(0, MOST_PROBLEMS).map((each) => documentProblemText(each, file));
  const more = problems.length > MOST_PROBLEMS ? `\nand ${problems.length - MOST_PROBLEMS} more` : '';
  const count = `${problems.length} mistake${problems.length === 1 ? '' : 's'}`;
  return Object.assign(new Error(`${file} has ${count}:\n${lines.join('\n')}${more}`), {
    code: 'ERR_AGENT_DOCUMENT',
  });
}
