import { writeFileSync } from 'node:fs';
import type { Finding } from './check.js';

/** The only commands that are run without being asked about one by one. */
const SYSCTL = /^sysctl -w ([A-Za-z0-9_./:@-]+)=(-?[0-9]+)$/;

/**
 * Carries out the commands of a finding that is `safe`: settings of the kernel, written in the network namespace of
 * this process. Throws `TypeError` for another finding, and what `writeFileSync` throws for a setting that the kernel
 * refuses; those before it stay.
 */
export function fixSafely(finding: Finding): void {
  if (!finding.safe) throw new TypeError(`finding ${finding.id} needs a person to fix it`);
  for (const [path, value] of finding.fix.map(settingOf)) writeFileSync(path, value);
}

/** File and value of a sysctl command. With a slash in the name dots are part of it, as sysctl(8) has it. */
function settingOf(command: string): [path: string, value: string] {
  const [, name = '', value = ''] = SYSCTL.exec(command) ?? [];
  if (name === '' || name.includes('..')) throw new TypeError(`“${command}” is no setting of the kernel`);
  return [`/proc/sys/${name.includes('/') ? name : name.replaceAll('.', '/')}`, value];
}
