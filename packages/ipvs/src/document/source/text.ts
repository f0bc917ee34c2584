import { isNotJson, jsonSource, readJson } from './json.js';
import { PLACED, PLAIN, Refusal } from './maker.js';
import { readPlainYaml } from './plain-yaml.js';
import type { Source } from './source.js';
import { shortenBlankLines } from './blank-lines.js';
import { yamlSource } from './yaml.js';

/** The languages of documents. */
export type DocumentFormat = 'json' | 'yaml';

/** The language of a text, decided by the suffix of its file, or by whether it parses as JSON. */
export function formatOf(file: string, text: string): DocumentFormat {
  const ending = /\.(json|ya?ml)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending !== undefined) return ending === 'json' ? 'json' : 'yaml';
  if (!/^\ufeff?\s*\{/.test(text)) return 'yaml';
  // A flow mapping of YAML begins in the same way.
  return jsonSource(text).node === undefined ? 'yaml' : 'json';
}

/**
 * Reads the value of a text without places. Returns undefined if that is not possible: for mistakes, repeated names, or
 * unusual YAML.
 */
export function readPlain(text: string, format: DocumentFormat): { readonly value: unknown } | undefined {
  try {
    return { value: (isJson(text, format) ? readJson : readPlainYaml)(text, PLAIN) };
  } catch (error) {
    if (error instanceof Refusal || isNotJson(error)) return undefined;
    throw error;
  }
}

/** JSON is YAML too. */
function isJson(text: string, format: DocumentFormat): boolean {
  return format === 'json' || formatOf('', text) === 'json';
}

/** The full YAML parser needs two hundred times the memory of its text. */
const LONGEST_YAML = 8 * 1024 * 1024;

/** Reads the value of a text with places, and its mistakes. */
export async function readSource(text: string, format: DocumentFormat): Promise<Source> {
  if (isJson(text, format)) return jsonSource(text);
  try {
    return { node: readPlainYaml(text, PLACED), problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const shortened = shortenBlankLines(text);
    return shortened.text.length > LONGEST_YAML
      ? tooLong(error.at ?? 0)
      : yamlSource(shortened.text, shortened.offsetOf);
  }
}

function tooLong(at: number): Source {
  const allowed = 'a name, a single word or text in quotes, on one line';
  const message = `this needs a reader that cannot read more than ${LONGEST_YAML} characters of YAML: write it as simple lines, or use JSON`;
  return { node: undefined, problems: [{ at, allowed, message }] };
}
