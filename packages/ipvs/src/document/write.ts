import { DocumentError } from './document-error.js';
import type { DesiredState } from './state.js';
import { checkChoice } from '../argument-checks.js';
import { stateProblems } from './read.js';
import type { DocumentFormat } from './source/text.js';

/** Text that every version of YAML reads as this text. */
const PLAIN =
  /^(?:tcp|udp|sctp|fwmark6?):[0-9.:]+$|^[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?$|^[a-z][a-z0-9-]+$/i;

/** Words that some YAML parsers read as something else. */
const MEANINGFUL = /^(?:y|yes|n|no|true|false|on|off|null|nan|inf)$/i;

/** Deeper than services and their destinations, fields are written on one line. */
const BLOCK_LEVELS = 4;

/**
 * Writes a declared state as text from which `readDocument` reads the same state. Throws ERR_IPVS_DOCUMENT if it has
 * mistakes.
 */
export function writeDocument(state: DesiredState, format: DocumentFormat = 'yaml'): string {
  checkChoice('format', format, ['json', 'yaml']);
  const problems = stateProblems(state);
  if (problems.length > 0) throw new DocumentError('write the desired state', problems);
  return format === 'json' ? `${JSON.stringify(state, undefined, 2)}\n` : block(state, 0).join('');
}

/** A map as lines. */
function block(map: object, level: number): string[] {
  const indent = '  '.repeat(level);
  return fieldsOf(map).flatMap(([name, value]) => {
    const isBlock = level + 1 < BLOCK_LEVELS && isMap(value) && fieldsOf(value).length > 0;
    // Persistence and tunnels are always short.
    if (isBlock && (level < 2 || name === 'destinations'))
      return [`${indent}${scalar(name)}:\n`, ...block(value, level + 1)];
    return [`${indent}${scalar(name)}: ${flow(value)}\n`];
  });
}

/** Any value in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isMap(value)) return scalar(value);
  const fields = fieldsOf(value).map(([name, each]) => `${scalar(name)}: ${flow(each)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function scalar(value: unknown): string {
  // JSON's quoted text is valid YAML.
  return typeof value === 'string' && PLAIN.test(value) && !MEANINGFUL.test(value)
    ? value
    : JSON.stringify(value);
}

function fieldsOf(map: object): [name: string, value: unknown][] {
  return Object.entries(map).filter(([, value]) => value !== undefined);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
