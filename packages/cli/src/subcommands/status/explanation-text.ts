/** Explanations as text. */
import type { ExplainedDestination, Explanation } from '@ipvs-ts/agent';
import { ago, fitted, type Page, weightText } from '../agent-client/rows.js';
import { checkText } from './status-text.js';

/** What happens when all are down, by the value in the document. */
const ALL_DOWN: Readonly<Record<string, string>> = {
  keep: 'those that were up last stay in service (keep)',
  sorry: 'the sorry destinations take over (sorry)',
  refuse: 'all get weight 0, and new connections are refused (refuse)',
};

/** The text, in lines that fit. `one`: for one destination instead of the service. */
export function explanationText(explanation: Explanation, one: boolean, now: number, page: Page): string {
  const { service, destinations } = explanation;
  const blocks = destinations.map((each) => destinationBlock(each, one ? ` of ${service}` : '', now, page));
  const all = one ? [...blocks, ruleLines(explanation, page)] : [serviceBlock(explanation, page), ...blocks];
  return all.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function serviceBlock(explanation: Explanation, page: Page): string[] {
  const { service, capacity, guard } = explanation;
  const share = `${Math.round(capacity * 100)}% of its weight is in service`;
  const guarded = guard === null ? '' : `; a guard keeps destinations in: ${guard}`;
  return [...fitted(`${service}: ${share}${guarded}`, page, 0, 'bold'), ...ruleLines(explanation, page)];
}

function ruleLines({ whenDown, whenAllDown, floor }: Explanation, page: Page): string[] {
  const down = whenDown.mode === 'quiesce' ? 'gets weight 0 (quiesce)' : 'is deleted (remove)';
  return [
    ...fitted(`a destination that is down ${down}: ${whenDown.why}`, page, 2),
    ...fitted(`when all are down: ${ALL_DOWN[whenAllDown] ?? whenAllDown}`, page, 2),
    ...(floor === 0
      ? []
      : fitted(`floor: checks leave at least ${Math.round(floor * 100)}% of the weight in service`, page, 2)),
  ];
}

function destinationBlock(destination: ExplainedDestination, of: string, now: number, page: Page): string[] {
  const { destination: name, state, since, reason, changes, checks, inService } = destination;
  const { weight, declaredWeight } = destination;
  return [
    ...fitted(
      `${name}${of} is ${inService ? 'in service' : 'OUT of service'}: ${state} for ${ago(since, now)}`,
      page,
      0,
      inService ? 'green' : 'alarm',
    ),
    ...fitted(`why: ${reason}`, page, 2),
    ...fitted(weightText(weight, declaredWeight), page, 2),
    ...checks.flatMap((check) => fitted(checkText(check, now), page, 2)),
    ...fitted(`next: ${changes}`, page, 2),
  ];
}
