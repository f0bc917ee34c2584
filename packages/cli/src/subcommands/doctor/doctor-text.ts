/** Findings of the doctor as text. */
import type { Finding } from '@ipvs-ts/director';
import { painted } from '../framework/paint.js';
import { visible } from '../framework/visible.js';

/** The layout of the text. */
export interface Style {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
}

const LABEL = 10;
const PAINTS = { error: 'red', warning: 'yellow', ok: 'green', faint: 'faint', bold: 'bold' } as const;

/** The most services, destinations and commands of one finding that are printed; others are counted. */
const SHOWN = 10;

/** One finding, with its cause and its fix. */
export function findingText(finding: Finding, style: Style): string {
  const { severity, services, destinations, id, found, why, symptom, fix, on, advice } = finding;
  const about = [aboutText(services, 'services'), aboutText(destinations, 'destinations')]
    .filter((each) => each !== '')
    .join(' → ');
  const where = on === 'destination' ? 'on the real server' : 'on the director';
  return [
    `${paint(severity, severity, style)}  ${paint('bold', about === '' ? 'this director' : visible(about), style)}  ${paint('faint', `(${id})`, style)}`,
    ...labelled('found', found, style),
    ...listed('services', services, style),
    ...listed('servers', destinations, style),
    ...labelled('why', why, style),
    ...labelled('clients', symptom, style),
    // Commands are not wrapped, so that they can be copied.
    ...fix
      .slice(0, SHOWN)
      .map((command, index) => `${label(index === 0 ? 'fix' : '', style)}${visible(command)}`),
    ...(fix.length > SHOWN
      ? labelled('', `… and ${fix.length - SHOWN} more commands (--json lists them all)`, style)
      : []),
    ...(fix.length > 0 && on === 'destination' ? labelled('', `(${where})`, style) : []),
    ...(advice === undefined ? [] : labelled('note', advice, style)),
    '',
    '',
  ].join('\n');
}

/** The name that a finding concerns, or how many there are. */
function aboutText(keys: readonly string[], name: string): string {
  const [first] = keys;
  return first === undefined ? '' : keys.length === 1 ? first : `${keys.length} ${name}`;
}

/** The first of several. */
function listed(name: string, keys: readonly string[], style: Style): string[] {
  if (keys.length < 2) return [];
  const rest = keys.length > SHOWN ? ` … and ${keys.length - SHOWN} more (--json lists them all)` : '';
  return labelled(name, keys.slice(0, SHOWN).join(', ') + rest, style);
}

/** The last lines: how many problems there are, and what was not checked. */
export function summaryText(
  {
    findings,
    unseen,
    untried = [],
    services,
  }: {
    findings: readonly Finding[];
    unseen: readonly string[];
    untried?: readonly string[];
    services: readonly string[];
  },
  style: Style,
): string {
  const judged = `${services.length} service${services.length === 1 ? '' : 's'} judged`;
  const verdict =
    findings.length === 0
      ? paint(
          'ok',
          unseen.length === 0 ? 'No problems found' : 'No problems found in what could be seen',
          style,
        )
      : paint('bold', `${findings.length} problem${findings.length === 1 ? '' : 's'} found`, style);
  if (findings.length === 0 && services.length === 0) return nothingText(unseen, style);
  return [
    `${verdict}, ${judged}.`,
    ...unseen.map((each) => `Not seen: ${visible(each)}.`),
    ...(findings.length === 0 && untried.length > 0 ? [`Not tried: ${untried.join(', ')} (--probe).`] : []),
    '',
  ].join('\n');
}

/** The text without problems; different if there were no services to check. */
function nothingText(unseen: readonly string[], style: Style): string {
  const sentence = 'There are no virtual services here: this network namespace balances nothing.';
  return [paint('bold', sentence, style), ...unseen.map((each) => `Not seen: ${visible(each)}.`), ''].join(
    '\n',
  );
}

function labelled(name: string, text: string, style: Style): string[] {
  const width = Math.max(40, style.columns) - LABEL - 2;
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += (line === '' ? '' : ' ') + word;
  }
  return [...lines, line].map((each, index) => label(index === 0 ? name : '', style) + each);
}

function label(name: string, style: Style): string {
  return `  ${paint('faint', name.padEnd(LABEL), style)}`;
}

function paint(role: keyof typeof PAINTS, text: string, { colour }: Style): string {
  return painted(text, PAINTS[role], colour);
}
