import { SERIES } from './metric-table.js';

/** Labels that Prometheus adds to every series. */
const TARGET_LABELS = ['job', 'instance'];

/** What an expression of PromQL uses that no metric has: names, and labels. */
export function unknownIn(expression: string): string[] {
  const names = [...new Set(expression.match(/\bipvs_\w+/g))];
  const series = names.map((name) => [name, SERIES.get(name)] as const);
  const known = new Set([...TARGET_LABELS, ...series.flatMap(([, labels]) => labels ?? [])]);
  return [
    ...series.flatMap(([name, labels]) => (labels === undefined ? [name] : [])),
    ...labelsIn(expression).filter((label) => !known.has(label)),
    ...series.flatMap(([name, labels = []]) =>
      matchedIn(expression, name)
        .filter((label) => ![...TARGET_LABELS, ...labels].includes(label))
        .map((label) => `${name}{${label}}`),
    ),
  ];
}

/** The labels by which an expression groups and joins. */
function labelsIn(expression: string): string[] {
  return [
    ...expression.matchAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g),
  ].flatMap(([, list = '']) => list.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()])));
}

/** The labels that the selectors of a metric name. */
function matchedIn(expression: string, name: string): string[] {
  return [...expression.matchAll(new RegExp(`\\b${name}\\s*\\{([^}]*)\\}`, 'g'))].flatMap(
    ([, matchers = '']) => [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  );
}
