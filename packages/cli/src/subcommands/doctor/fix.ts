/** `ipvs-ts doctor --fix`: changes settings of the kernel, and leaves everything else to the operator. */
import { type Finding, fixSafely } from '@ipvs-ts/director';

/** The result for the findings that `--fix` may fix. */
export interface Fixes {
  /** Those whose settings were written. */
  readonly fixed: readonly Finding[];
  /** Those whose settings could not be written. */
  readonly failed: readonly { readonly finding: Finding; readonly reason: string }[];
}

/** Writes the settings of every safe finding, shared ones once. Calls `say` before and after each. */
export async function fix(
  findings: readonly Finding[],
  say: (line: string) => Promise<void>,
): Promise<Fixes> {
  const fixed: Finding[] = [];
  const failed: { finding: Finding; reason: string }[] = [];
  const reasons = new Map<string, string | undefined>();
  for (const finding of findings.filter(({ safe }) => safe)) {
    const commands = finding.fix.join('\n');
    if (!reasons.has(commands)) {
      for (const command of finding.fix) await say(`Running: ${command}`);
      const reason = attempt(finding);
      reasons.set(commands, reason);
      if (reason !== undefined) await say(`Failed: ${reason}`);
    }
    const reason = reasons.get(commands);
    if (reason === undefined) fixed.push(finding);
    else failed.push({ finding, reason });
  }
  for (const command of leftCommands(findings)) await say(`Not run: ${command}`);
  return { fixed, failed };
}

/** Why it could not be fixed; undefined if it was. */
function attempt(finding: Finding): string | undefined {
  try {
    fixSafely(finding);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const advice = ADVICE[code ?? ''];
    return advice === undefined ? message : `${message}; ${advice}`;
  }
}

const READ_ONLY =
  '/proc/sys is read-only, as in containers: run the command on the host, in this network namespace';
const NOT_ROOT = 'run it as root';
const ADVICE: Readonly<Record<string, string>> = { EROFS: READ_ONLY, EACCES: NOT_ROOT, EPERM: NOT_ROOT };

/** The commands that the operator has to run, each once, with the place if it is not this host. */
function leftCommands(findings: readonly Finding[]): Set<string> {
  return new Set(
    findings
      .filter(({ safe }) => !safe)
      .flatMap(({ fix, on }) =>
        fix.map((command) => (on === 'destination' ? `${command}   (on the real server)` : command)),
      ),
  );
}
