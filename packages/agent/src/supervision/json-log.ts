import { destination, pino, stdTimeFunctions } from 'pino';
import type { AgentEvent } from '../report/event-log.js';

/** Where events are written to as they happen. */
export interface EventSink {
  write(event: AgentEvent): void;
  /** Waits until what was written is out, a second at most; whether it is. */
  close(): Promise<boolean>;
}

/** What waits for a reader that is too slow, in bytes; what is beyond is dropped. */
const MOST_WAITING = 1_048_576;
const LONGEST_FLUSH = 1000;

/** Kinds of events that somebody should look at. */
const WARNINGS: ReadonlySet<AgentEvent['kind']> = new Set([
  'document problems',
  'document pending',
  'doubt',
  'guard',
  'kernel',
  'warning',
]);

/**
 * A log of lines of JSON on a descriptor, made by pino: `level` (info or warn), `time` (ISO 8601), `kind`, `service`,
 * `destination`, and the text of the event in `msg`. A reader that does not read holds nobody up.
 */
export function openJsonLog(fd: number): EventSink {
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
