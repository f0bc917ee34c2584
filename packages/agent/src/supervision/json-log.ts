import { argumentsOf } from '../argument-checks.js';
import { destination, pino, stdTimeFunctions } from 'pino';
import type { AgentEvent } from '../report/event-log.js';

/** A sink of events. */
export interface EventSink {
  write(event: AgentEvent): void;
  /** Waits until everything is written, at most a second; returns whether it is. */
  close(): Promise<boolean>;
}

/** The most bytes that wait for a slow reader; more are dropped. */
const MOST_WAITING = 1_048_576;
const LONGEST_FLUSH = 1000;

/** Kinds of events that an operator should look at. */
const WARNINGS: ReadonlySet<AgentEvent['kind']> = new Set([
  'document problems',
  'document pending',
  'doubt',
  'guard',
  'kernel',
  'warning',
]);

/**
 * Opens a log of JSON lines on a descriptor, written by pino: `level` (info or warn), `time` (ISO 8601), `kind`,
 * `service`, `destination`, and the text of the event in `msg`. A slow reader does not block the agent.
 */
export function openJsonLog(fd: number): EventSink {
  argumentsOf.integer('fd', fd, 0, 0x7fff_ffff);
  const stream = destination({ fd, sync: false, maxLength: MOST_WAITING });
  stream.on('error', () => undefined);
  const log = pino(
    {
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    stream,
  );
  return {
    write: ({ kind, service, destination: name, text }) => {
      const fields = { kind, service, destination: name };
      if (WARNINGS.has(kind)) log.warn(fields, text);
      else log.info(fields, text);
    },
    close: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => resolve(false), LONGEST_FLUSH);
        stream.once('close', () => {
          clearTimeout(late);
          resolve(true);
        });
        stream.end();
      }),
  };
}
