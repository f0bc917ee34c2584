import { argumentsOf } from '../argument-checks.js';
import type { Plain } from './imported.js';

/** Text that every version of YAML reads as this text. */
const PLAIN =
  /^(?:tcp|udp|sctp|fwmark6?):[0-9.:]+$|^[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?$|^[a-z][a-z0-9-]+$|^[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h|d)(?:[0-9]+(?:ms|s|m|h))*$/i;

/** Words that some YAML parsers read as something else. */
const MEANINGFUL = /^(?:y|yes|n|no|true|false|on|off|null|nan|inf)$/i;

/** Longer values are written as blocks. */
const WIDTH = 100;

/** Maps whose entries are written on separate lines. */
const BLOCKS: ReadonlySet<string> = new Set(['services', 'checks', 'destinations', 'sorry']);

/** Plain data as YAML that every parser reads as the same data. `comments`: lines at its top. */
export function documentYaml(document: Plain, comments: readonly string[] = []): string {
  argumentsOf.object('document', document);
  argumentsOf.list('comments', comments, 'text');
  return [...comments.map((line) => `# ${line}`.trimEnd() + '\n'), ...block(document, '', true)].join('');
}

function block(map: object, indent: string, wide: boolean): string[] {
  return Object.entries(map).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const head = `${indent}${scalar(name)}:`;
    const line = `${head} ${flow(value)}`;
    const empty = isMap(value) && Object.keys(value).length === 0;
    if (empty || !(isMap(value) || Array.isArray(value))) return [`${line}\n`];
    if (!wide && !BLOCKS.has(name) && line.length <= WIDTH) return [`${line}\n`];
    return [
      `${head}\n`,
      ...(Array.isArray(value) ? items(value, `${indent}  `) : nested(name, value, indent)),
    ];
  });
}

/** The entries of a map. Those of services are maps, which are also written on separate lines. */
function nested(name: string, value: object, indent: string): string[] {
  return block(value, `${indent}  `, name === 'services');
}

function items(list: readonly unknown[], indent: string): string[] {
  return list.flatMap((each) => {
    const line = `${indent}- ${flow(each)}`;
    if (!isMap(each) || line.length <= WIDTH) return [`${line}\n`];
    const [first = '', ...rest] = block(each, `${indent}  `, false);
    return [`${indent}- ${first.trimStart()}`, ...rest];
  });
}

/** Any value in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isMap(value)) return scalar(value);
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => `${scalar(name)}: ${flow(each)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function scalar(value: unknown): string {
  // JSON's quoted text is valid YAML.
  return typeof value === 'string' && PLAIN.test(value) && !MEANINGFUL.test(value)
    ? value
    : JSON.stringify(value);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
