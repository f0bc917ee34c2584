import { IpvsError } from '../errors.js';

/** The most characters of a line that an error prints. */
const MOST_SHOWN = 120;

/** ERR_IPVS_PROC: a line of a file of /proc is not as the kernel writes it. `number` counts from 1. */
export function malformedLine(
  action: string,
  path: string,
  number: number,
  expected: string,
  line: string | undefined,
): IpvsError {
  return new IpvsError(
    'ERR_IPVS_PROC',
    `cannot ${action}: ${path}: line ${number} must be ${expected}, not ${shown(line)}`,
    { operation: action },
  );
}

function shown(line: string | undefined): string {
  if (line === undefined) return 'the end of the file';
  return JSON.stringify(
    line.length <= MOST_SHOWN ? line : `${line.slice(0, MOST_SHOWN)}… (${line.length} characters)`,
  );
}
