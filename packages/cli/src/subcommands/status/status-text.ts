/** The status of an agent as text. */
import type { CheckStatus, DestinationStatus, ServiceStatus, Status } from '@ipvs-ts/agent';
import { documentProblemText } from '@ipvs-ts/ipvs';
import { ago, destinationLines, fitted, type Page, remarkLines } from '../agent-client/rows.js';

/** For services with more destinations than this, those that are up are only counted. */
const MOST_LISTED = 20;
const MOST_PROBLEMS = 10;

/** The content of a status text. */
export interface StatusView {
  readonly status: Status;
  /** Why the director is not fit. */
  readonly unfit: readonly string[];
  /** Whether to print every destination with its checks. */
  readonly whole: boolean;
  /** Wall time in milliseconds. */
  readonly now: number;
}

/** The text, in lines that fit. */
export function statusText({ status, unfit, whole, now }: StatusView, page: Page): string {
  const { id, fit, services } = status;
  const lines = [
    ...fitted(`${id}: ${fit ? 'fit' : 'NOT FIT'}`, page, 0, fit ? 'green' : 'alarm'),
    ...unfit.flatMap((reason) => fitted(reason, page, 2)),
    ...(status.observes ? fitted('it only observes: nothing is changed', page, 0, 'yellow') : []),
    ...documentLines(status, now, page),
    ...storeLines(status, page),
    ...doubtLines(status, now, page),
    ...status.warnings.flatMap((warning) => fitted(`warning: ${warning}`, page, 0, 'yellow')),
    ...services.flatMap((service) => ['', ...serviceLines(service, whole, now, page)]),
  ];
  return `${lines.join('\n')}\n`;
}

function documentLines({ document }: Status, now: number, page: Page): string[] {
  const { revision, loadedAt, valid, problems, pending } = document;
  const inForce =
    revision === null || loadedAt === null
      ? 'no document is in force'
      : `document ${revision}: in force for ${ago(loadedAt, now)}`;
  const lines = fitted(inForce, page, 0, revision === null ? 'alarm' : 'plain');
  if (!valid && problems.length > 0) {
    const count = `${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}`;
    lines.push(...fitted(`the newest document has ${count} and changes nothing:`, page, 0, 'alarm'));
    for (const each of problems.slice(0, MOST_PROBLEMS))
      lines.push(...fitted(documentProblemText(each, undefined), page, 2));
    if (problems.length > MOST_PROBLEMS)
      lines.push(...fitted(`and ${problems.length - MOST_PROBLEMS} more`, page, 2));
  }
  if (pending !== null)
    lines.push(
      ...fitted(
        `document ${pending.revision} waits, since ${pending.hold ?? `it removes ${pending.removes}`}; let it take effect with: ipvs-ts agent accept ${pending.revision}`,
        page,
        0,
        'yellow',
      ),
    );
  return lines;
}

/** The store of the fleet, if there is one. */
function storeLines({ store }: Status, page: Page): string[] {
  if (store === null) return [];
  const { kind, prefix, endpoint, connected, problem, age } = store;
  const heard = age === null ? '' : `, which answered ${Math.round(age / 1000)} s ago`;
  const lines = fitted(
    connected ? `store ${kind} ${prefix} at ${endpoint}` : `store ${kind} ${prefix} does not answer${heard}`,
    page,
    0,
    connected ? 'plain' : 'yellow',
  );
  if (problem !== null) lines.push(...fitted(problem, page, 2, 'yellow'));
  return lines;
}

function doubtLines({ doubt }: Status, now: number, page: Page): string[] {
  if (doubt === null) return [];
  const left = ago(new Date(now).toISOString(), Date.parse(doubt.until));
  return fitted(
    `doubt: ${doubt.failed} of ${doubt.up} addresses failed at once, so nothing is taken out for ${left}`,
    page,
    0,
    'alarm',
  );
}

/** A service with its destinations. */
function serviceLines(
  { service, capacity, guard, destinations }: ServiceStatus,
  whole: boolean,
  now: number,
  page: Page,
): string[] {
  const share = destinations.length === 0 ? 'no destinations' : `${Math.round(capacity * 100)}% in service`;
  const guarded = guard === null ? '' : `, guard: ${guard}`;
  const nameWidth = Math.max(0, ...destinations.map((each) => each.destination.length));
  const counts = whole || destinations.length <= MOST_LISTED ? [] : destinations.filter(isQuiet);
  const listed = counts.length === 0 ? destinations : destinations.filter((each) => !isQuiet(each));
  return [
    ...fitted(`${service}  ${share}${guarded}`, page, 0, 'bold'),
    ...listed.flatMap((each) => [
      ...destinationLines(each, nameWidth, now, page),
      ...remarks(each, whole, now).flatMap((text) => remarkLines(text, page)),
    ]),
    ...(counts.length === 0 ? [] : fitted(`and ${counts.length} that are up`, page, 2)),
  ];
}

/** Whether there is nothing to say about a destination. */
function isQuiet({ state, weight, declaredWeight, checks }: DestinationStatus): boolean {
  return state === 'up' && weight === declaredWeight && checks.every(({ result }) => result === 'passed');
}

function remarks(destination: DestinationStatus, whole: boolean, now: number): string[] {
  const { reason, checks } = destination;
  return [
    ...(whole || !isQuiet(destination) ? [reason] : []),
    ...(whole ? checks.map((check) => checkText(check, now)) : []),
  ];
}

/** `check http passed 3 s ago in 1.2 ms: 200 OK`. */
export function checkText({ name, result, reason, milliseconds, at }: CheckStatus, now: number): string {
  if (result === null || at === null) return `check ${name}: not run yet`;
  const verb = result === 'no verdict' ? 'had no verdict' : result;
  const time = milliseconds === null ? '' : ` in ${Math.round(milliseconds * 10) / 10} ms`;
  return `check ${name} ${verb} ${ago(at, now)} ago${time}${reason === '' ? '' : `: ${reason}`}`;
}
