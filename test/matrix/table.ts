import { PLACES, SUITES } from './places.js';
import type { Results } from './results.js';

/** The lines of docs/testing.md between which the tables are generated. */
const BEGIN = '<!-- matrix: begin (npm run test:matrix writes this) -->';
const END = '<!-- matrix: end -->';

const ENGINES: Readonly<Record<string, string>> = { uml: 'one CPU (UML)', qemu: 'two CPUs (QEMU)' };

/** The tables of results by place. */
export function matrixTables(results: Results): string {
  const nodes = PLACES.filter((place) => place.node !== undefined).map((place) => place.name);
  const kernels = PLACES.filter((place) => place.node === undefined).map((place) => place.name);
  return [
    table('Linux', kernels, kernelTitle, [SUITES.kernel, SUITES.conformance, SUITES.ipvsadm], results),
    table('Node', nodes, (name) => name.replace('Node ', ''), [SUITES.unit, SUITES.kernel], results),
  ].join('\n\n');
}

/** `text` with the tables of `results` between its marks. */
export function withTables(text: string, results: Results): string {
  const [before, rest = ''] = text.split(BEGIN);
  const after = rest.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`no ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${matrixTables(results)}\n\n${END}${after}`;
}

function kernelTitle(name: string): string {
  const [engine = '', kernel = ''] = name.split(' ');
  return `${kernel}, ${ENGINES[engine] ?? engine}`;
}

function table(
  corner: string,
  places: readonly string[],
  title: (place: string) => string,
  suites: readonly string[],
  results: Results,
): string {
  const rows = [
    [corner, ...suites],
    ...places.map((place) => [title(place), ...suites.map((suite) => cell(results, place, suite))]),
  ];
  const widths = [corner, ...suites].map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map(
    (row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cell(results: Results, place: string, suite: string): string {
  const result = results[place]?.[suite];
  if (result === undefined) return 'not run';
  const skipped = (result.skipped ?? 0) > 0 ? `, ${result.skipped} skipped` : '';
  return result.failed === 0
    ? `${result.passed} passed${skipped}`
    : `${result.failed} of ${result.passed + result.failed} failed${skipped}`;
}
