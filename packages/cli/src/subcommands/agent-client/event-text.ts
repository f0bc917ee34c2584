/** Events for people. */
import type { AgentEvent } from '@ipvs-ts/agent';
import { type Paint, painted } from '../framework/paint.js';

const PAINTS: Readonly<Partial<Record<AgentEvent['kind'], Paint>>> = {
  'document problems': 'alarm',
  'document pending': 'yellow',
  guard: 'alarm',
  doubt: 'alarm',
  kernel: 'alarm',
  warning: 'yellow',
};

/** `2026-01-31T09:30:00.000Z state tcp:192.0.2.10:443 10.0.0.11:443 up → down: check http failed 3 times`. */
export function eventText({ at, kind, service, destination, text }: AgentEvent, colour: boolean): string {
  const subject = [service, destination].filter((each) => each !== undefined).join(' ');
  return painted(
    `${at} ${kind}${subject === '' ? '' : ` ${subject}`}: ${text}`,
    PAINTS[kind] ?? (text.includes(' → down:') ? 'red' : 'plain'),
    colour,
  );
}
