import { argumentsOf } from '../argument-checks.js';
import { writeFileSync } from 'node:fs';
import type { Finding, Setting } from './facts/check.js';

/**
 * Applies the fix of a `safe` finding: writes settings of the kernel in the network namespace of this process. Throws
 * `TypeError` for another finding, and the error of `writeFileSync` for a setting that the kernel rejects; those before
 * it stay written.
 */
export function fixSafely(finding: Pick<Finding, 'id' | 'safe' | 'settings'>): void {
  argumentsOf.object('finding', finding, { settings: 'list' });
  if (!finding.safe)
    throw argumentsOf.mistake(
      'finding.safe',
      'true',
      `finding ${finding.id} needs a person to fix it`,
      'type',
    );
  for (const [path, value] of finding.settings.map(fileOf)) writeFileSync(path, value);
}

/** The file of a setting, and what to write to it. Only settings of the network are accepted. */
function fileOf(setting: Setting): [path: string, value: string] {
  argumentsOf.object('each of finding.settings', setting, { path: 'text', value: 'number' });
  const { path, value } = setting;
  const names = path.split('/');
  if (names[0] !== 'net' || names.some((name) => ['', '.', '..'].includes(name)) || !Number.isInteger(value))
    throw argumentsOf.error(
      'finding.settings',
      'settings below net with integers',
      `${path}=${value}`,
      'range',
    );
  return [`/proc/sys/${path}`, String(value)];
}
