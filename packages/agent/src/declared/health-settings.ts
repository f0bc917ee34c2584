import type { DestinationOptions } from '@ipvs-ts/ipvs';
import { fields, readRecord, type Values } from '../fields/field.js';
import { at, type Problems } from '../fields/problems.js';

/** The fields of `health`, except `sorry`. */
export const HEALTH_FIELDS = fields({
  whenDown: {
    kind: 'choice',
    choices: ['quiesce', 'remove'],
    about:
      'What happens to a destination that is down: weight 0, or removal. By default quiesce where weight 0 really takes it out.',
  },
  whenAllDown: {
    kind: 'choice',
    choices: ['keep', 'sorry', 'refuse'],
    byDefault: 'keep',
    about:
      'When every destination is down: keep those that were up last, use the sorry destinations, or refuse.',
  },
  floor: {
    kind: 'share',
    byDefault: '0%',
    about: 'At least this share of the declared weight stays in service, whatever checks say.',
  },
  drainTimeout: {
    kind: 'duration',
    minimum: 0,
    byDefault: '10m',
    about: 'The longest drain of a destination that leaves the document.',
  },
  slowStart: {
    kind: 'duration',
    minimum: 0,
    maximum: 3_600_000,
    byDefault: '0s',
    about:
      'Time in which a destination that came up gets its whole weight, in ten steps. Weights of 10 and more.',
  },
});

/** What to do with destinations that are down. Durations are milliseconds. */
export interface HealthSettings extends Omit<Values<typeof HEALTH_FIELDS>, 'whenDown' | 'whenAllDown'> {
  /** Undefined: it depends on the service. */
  readonly whenDown: WhenDown | undefined;
  readonly whenAllDown: WhenAllDown;
  /** Destinations for the time when all others are down, by name. */
  readonly sorry: Readonly<Record<string, DestinationOptions>>;
}

/** What happens to a destination that is down. */
export type WhenDown = 'quiesce' | 'remove';

/** What happens when every destination is down. */
export type WhenAllDown = 'keep' | 'sorry' | 'refuse';

/** Schedulers that follow changes of weights at once, so that weights can rise in steps. */
const FOLLOW_WEIGHTS = ['wrr', 'wlc', 'sed', 'nq', 'lblc', 'lblcr', 'twos'];

/** Values of `health` that are reserved for later versions. */
const LATER = ['withdraw'];

/** Reads `health` of a service with `scheduler`. */
export function readHealth(
  problems: Problems,
  path: string,
  value: unknown,
  scheduler: string,
): HealthSettings | undefined {
  if (!problems.isRecord(path, value)) return undefined;
  const before = problems.found.length;
  const { sorry = {}, ...rest } = value;
  if (LATER.includes(rest['whenAllDown'] as string))
    problems.add(
      at(path, 'whenAllDown'),
      'one of keep, sorry, refuse',
      `${at(path, 'whenAllDown')} is ${rest['whenAllDown'] as string}, which is not supported yet`,
    );
  const read = readRecord(problems, path, rest, HEALTH_FIELDS, ['sorry']);
  if (read === undefined || !problems.isRecord(at(path, 'sorry'), sorry)) return undefined;
  const count = Object.keys(sorry).length;
  if ((read.whenAllDown === 'sorry') !== count > 0)
    problems.add(
      at(path, 'sorry'),
      'destinations by name, together with whenAllDown: sorry',
      count > 0
        ? `${at(path, 'sorry')} is used with whenAllDown: sorry only, and it is ${read.whenAllDown}`
        : `${at(path, 'sorry')} is missing; whenAllDown: sorry needs destinations, by name`,
    );
  if (read.slowStart > 0 && !FOLLOW_WEIGHTS.includes(scheduler))
    problems.add(
      at(path, 'slowStart'),
      `absent with scheduler ${scheduler}`,
      `${at(path, 'slowStart')} needs a scheduler that follows weights one by one (${FOLLOW_WEIGHTS.join(', ')}), not ${scheduler}`,
    );
  if (problems.found.length > before) return undefined;
  return { ...read, sorry: sorry as HealthSettings['sorry'] } as HealthSettings;
}
