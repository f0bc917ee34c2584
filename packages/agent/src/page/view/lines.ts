import type { DestinationRow } from '../wire.js';
import type { ServiceView } from './page-model.js';

/** A line of the table of services. All have the same height. */
export type Line =
  | { readonly kind: 'service'; readonly id: string; readonly service: ServiceView; readonly isOpen: boolean }
  | { readonly kind: 'columns'; readonly id: string; readonly service: ServiceView }
  | {
      readonly kind: 'destination';
      readonly id: string;
      readonly service: ServiceView;
      readonly row: DestinationRow;
    };

/**
 * The lines of services and, for open ones, of their destinations. Every word of `filter` must be in the name of the
 * service or the destination, or at the beginning of its state; a service that matches because of its destinations is
 * open.
 */
export function linesOf(
  services: readonly ServiceView[],
  filter: string,
  opened: ReadonlySet<string>,
): readonly Line[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const lines: Line[] = [];
  for (const service of services) {
    const { name } = service;
    const rest = words.filter((word) => !name.toLowerCase().includes(word));
    const found =
      rest.length === 0 ? service.destinations : service.destinations.filter((row) => matches(row, rest));
    if (rest.length > 0 && found.length === 0) continue;
    const isOpen = rest.length > 0 || opened.has(name);
    lines.push({ kind: 'service', id: name, service, isOpen });
    if (!isOpen) continue;
    lines.push({ kind: 'columns', id: `${name} columns`, service });
    for (const row of found) lines.push({ kind: 'destination', id: `${name} ${row[0]}`, service, row });
  }
  return lines;
}

function matches([name, state]: DestinationRow, words: readonly string[]): boolean {
  const text = name.toLowerCase();
  return words.every((word) => text.includes(word) || state.startsWith(word));
}

/** The part of a list to draw. */
export interface Window {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

/** Lines to draw above and below the visible ones. */
const MARGIN = 8;

/** The lines to draw of `count` lines with `height` pixels each, at a scroll position. */
export function windowOf(count: number, height: number, scrolled: number, seen: number): Window {
  const first = Math.max(0, Math.min(count, Math.floor(scrolled / height)) - MARGIN);
  return { first, end: Math.max(first, Math.min(count, Math.ceil((scrolled + seen) / height) + MARGIN)) };
}

/** The most lines that are drawn at a time. */
export function mostDrawn(height: number, seen: number): number {
  return Math.ceil(seen / height) + 1 + 2 * MARGIN;
}

/** The next line that can be selected, `by` lines further; columns cannot be selected. */
export function moved(lines: readonly Line[], from: number, by: number): number {
  const step = by < 0 ? -1 : 1;
  let at = Math.max(0, Math.min(lines.length - 1, from + by));
  while (lines[at]?.kind === 'columns') at += step;
  return lines[at] === undefined ? from : at;
}
