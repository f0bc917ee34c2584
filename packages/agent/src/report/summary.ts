import type { Status } from './status.js';

/** A status in one line: `fit; 7 of 8 destinations of 3 services in service; document 0f3a12b4c5d6`. */
export function summaryText({ services, document }: Status, unfit: readonly string[]): string {
  const destinations = services.flatMap((each) => each.destinations);
  const inService = destinations.filter(({ weight }) => (weight ?? 0) > 0).length;
  const [first, ...more] = unfit;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return [
    first === undefined ? 'fit' : `not fit: ${first}${others}`,
    `${inService} of ${counted(destinations.length, 'destination')} of ${counted(services.length, 'service')} in service`,
    document.revision === null ? 'no document' : `document ${document.revision}`,
    ...(document.pending === null ? [] : [`document ${document.pending.revision} waits to be accepted`]),
    ...(document.problems.length === 0 ? [] : [`the newest document has mistakes`]),
  ].join('; ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
