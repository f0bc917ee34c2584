/** Changes as text. */
import type { Change, ChangeKind } from '@ipvs-ts/ipvs';
import { painted } from '../framework/paint.js';

type Sign = '+' | '~' | '-';

/** The sign of a change, and the beginning of its sentence, which the sign replaces. */
const SIGNS: Readonly<Record<ChangeKind, readonly [sign: Sign, words: string]>> = {
  addService: ['+', 'add '],
  editService: ['~', 'edit '],
  deleteService: ['-', 'delete '],
  addDestination: ['+', 'add '],
  editDestination: ['~', 'edit '],
  drainDestination: ['-', 'drain and delete '],
  deleteDestination: ['-', 'delete '],
  setTimeouts: ['~', 'set '],
  startDaemon: ['+', 'start the '],
  stopDaemon: ['-', 'stop the '],
};

const PAINTS = { '+': 'green', '~': 'yellow', '-': 'red' } as const;

/** `~ destination 10.0.0.1:80 of service tcp:192.0.2.10:80: weight 1 -> 3`. */
export function changeText(change: Change, colour: boolean): string {
  const [sign, words] = SIGNS[change.kind];
  const end = change.kind === 'drainDestination' ? ', when it is drained' : '';
  const line = `${sign} ${String(change).slice(words.length)}${end}`;
  return painted(line, PAINTS[sign], colour);
}

/** One line for each change. */
export function changesText(changes: readonly Change[], colour: boolean): string {
  return changes.map((change) => `${changeText(change, colour)}\n`).join('');
}

/** `2 to add, 1 to edit, 0 to remove`. */
export function summary(changes: readonly Change[]): string {
  if (changes.length === 0) return 'No changes: the table already matches.';
  const count = (wanted: Sign): number => changes.filter(({ kind }) => SIGNS[kind][0] === wanted).length;
  return `${count('+')} to add, ${count('~')} to edit, ${count('-')} to remove.`;
}

/** The changes that remove something permanently. */
export function removals(changes: readonly Change[]): Change[] {
  return changes.filter(({ kind, replaces }) => SIGNS[kind][0] === '-' && !replaces);
}
