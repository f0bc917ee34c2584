import { writeFileSync } from 'node:fs';
import type { Finding, Setting } from './facts/check.js';

/**
 * Carries out the fix of a finding that is `safe`: settings of the kernel, written in the network namespace of this
 * process. Throws `TypeError` for another finding, and what `writeFileSync` throws for a setting that the kernel
 * refuses; those before it stay.
 */
export function fixSafely(finding: Pick<Finding, 'id' | 'safe' | 'settings'>): void {
  if (!finding.safe) throw new TypeError(`finding ${finding.id} needs a person to fix it`);
  for (const [path, value] of finding.settings.map(fileOf)) writeFileSync(path, value);
}

/** The file of a setting, and what is written to it. Nothing but settings of the network is. */
function fileOf({ path, value }: Setting): [path: string, value: string] {
  const names = path.split('/');
  if (names[0] !== 'net' || names.some((name) => ['', '.', '..'].includes(name)) || !Number.isInteger(value))
    throw new TypeError(`“${path}=${value}” is no setting of the network`);
  return [`/proc/sys/${path}`, String(value)];
}
