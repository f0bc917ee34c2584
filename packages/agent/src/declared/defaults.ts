import { stateProblems } from '@ipvs-ts/ipvs';
import { unknownField } from '../fields/field.js';
import { at, type Problems } from '../fields/problems.js';

/** Plain data by name. */
export type Plain = Readonly<Record<string, unknown>>;

/** Whether a value is an object that is not a list. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The defaults of services and destinations. */
export interface Defaults {
  readonly service: Plain;
  readonly destination: Plain;
}

const NONE: Defaults = { service: {}, destination: {} };

/** Reads `defaults` of a document, and finds mistakes that no service uses. `readCheck`: reads a `check`. */
export function readDefaults(
  problems: Problems,
  value: unknown,
  readCheck: (path: string, value: unknown) => unknown,
): Defaults {
  if (!problems.isRecord('defaults', value)) return NONE;
  for (const name of Object.keys(value))
    if (!Object.hasOwn(NONE, name)) unknownField(problems, 'defaults', name, Object.keys(NONE));
  const read = (name: string): Plain => {
    const each = value[name] ?? {};
    return problems.isRecord(at('defaults', name), each) ? each : {};
  };
  const defaults = { service: read('service'), destination: read('destination') };
  if (defaults.service['destinations'] !== undefined)
    problems.add(
      'defaults.service.destinations',
      'absent',
      'defaults.service has no destinations of its own',
    );
  checkOptions(problems, defaults);
  for (const name of ['service', 'destination'] as const)
    if (defaults[name]['check'] !== undefined) readCheck(`defaults.${name}.check`, defaults[name]['check']);
  return defaults;
}

/** Tries the defaults on a service, and reports mistakes at their place in the defaults. */
function checkOptions(problems: Problems, { service, destination }: Defaults): void {
  const { check: _, health: __, destinations: ___, ...options } = service;
  const { check: ____, ...settings } = destination;
  const name = 'tcp:192.0.2.1:80';
  const trial = { services: { [name]: { ...options, destinations: { '192.0.2.2:80': settings } } } };
  for (const { path, allowed, message } of stateProblems(trial)) {
    const inDestination = path.includes('destinations');
    const long = inDestination ? `services["${name}"].destinations["192.0.2.2:80"]` : `services["${name}"]`;
    const short = inDestination ? 'defaults.destination' : 'defaults.service';
    // Some options depend on the protocol of the service; services that use them are checked on their own.
    if (path.startsWith(long) && !path.endsWith('onePacket'))
      problems.add(path.replace(long, short), allowed, message.replaceAll(long, short));
  }
}
