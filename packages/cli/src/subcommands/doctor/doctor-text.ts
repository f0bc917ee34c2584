/** What the doctor found, for people to read. */
import type { Finding } from '@ipvs-ts/director';
import { painted } from '../framework/paint.js';

/** How the text is laid out. */
export interface Layout {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
}

const LABEL = 10;
const PAINTS = { error: 'red', warning: 'yellow', ok: 'green', faint: 'faint', bold: 'bold' } as const;

/** One finding, from what was found to what fixes it. */
export function findingText(finding: Finding, layout: Layout): string {
  const { severity, service, destination, id, found, why, symptom, fix, on, advice } = finding;
  const about = [service, destination].filter((each) => each !== undefined).join(' → ');
  const where = on === 'destination' ? 'on the real server' : 'on the director';
  return [
    `${paint(severity, severity, layout)}  ${paint('bold', about === '' ? 'this director' : about, layout)}  ${paint('faint', `(${id})`, layout)}`,
    ...labelled('found', found, layout),
    ...labelled('why', why, layout),
    ...labelled('clients', symptom, layout),
    // Commands are not broken into lines: they are to be copied.
    ...fix.map((command, index) => `${label(index === 0 ? 'fix' : '', layout)}${command}`),
    ...(fix.length > 0 && on === 'destination' ? labelled('', `(${where})`, layout) : []),
    ...(advice === undefined ? [] : labelled('note', advice, layout)),
    '',
    '',
  ].join('\n');
}

/** The last lines: how many problems there are, and what was not looked at. */
export function summaryText(
  {
    findings,
    unseen,
    services,
  }: { findings: readonly Finding[]; unseen: readonly string[]; services: readonly string[] },
  layout: Layout,
): string {
  const judged = `${services.length} service${services.length === 1 ? '' : 's'} judged`;
  const verdict =
    findings.length === 0
      ? paint('ok', 'No problems found', layout)
      : paint('bold', `${findings.length} problem${findings.length === 1 ? '' : 's'} found`, layout);
  if (findings.length === 0 && services.length === 0) return nothingText(unseen, layout);
  return [`${verdict}, ${judged}.`, ...unseen.map((each) => `Not seen: ${each}.`), ''].join('\n');
}

/** That nothing is wrong with nothing is no good news. */
function nothingText(unseen: readonly string[], layout: Layout): string {
  const sentence = 'There are no virtual services here: this network namespace balances nothing.';
  return [paint('bold', sentence, layout), ...unseen.map((each) => `Not seen: ${each}.`), ''].join('\n');
}

function labelled(name: string, text: string, layout: Layout): string[] {
  const width = Math.max(40, layout.columns) - LABEL - 2;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += (line === '' ? '' : ' ') + word;
  }
  return [...lines, line].map((each, index) => label(index === 0 ? name : '', layout) + each);
}

function label(name: string, layout: Layout): string {
  return `  ${paint('faint', name.padEnd(LABEL), layout)}`;
}

function paint(role: keyof typeof PAINTS, text: string, { colour }: Layout): string {
  return painted(text, PAINTS[role], colour);
}
