import type { DeclaredService } from '../declared/declared.js';
import type { DownMode } from './down-mode.js';

/** Settings of the kernel that decide what happens to clients of a destination out of service; undefined: unknown. */
export interface ExpirySettings {
  /** Whether net.ipv4.vs.expire_quiescent_template is 1. */
  readonly expiresTemplates: boolean | undefined;
  /** Whether net.ipv4.vs.expire_nodest_conn is 1. */
  readonly expiresConnections: boolean | undefined;
}

/** Which of the kernel's settings keep clients at destinations that are out of service: a sentence for each. */
export function sysctlAdvice(
  services: Iterable<{
    readonly declared: Pick<DeclaredService, 'name' | 'options'>;
    readonly mode: DownMode;
  }>,
  { expiresTemplates, expiresConnections }: ExpirySettings,
): string[] {
  const persistent: string[] = [];
  const removing: string[] = [];
  for (const { declared, mode } of services) {
    if ((declared.options.persistence?.timeout ?? 0) > 0) persistent.push(declared.name);
    if (mode.mode === 'remove') removing.push(declared.name);
  }
  const advice: string[] = [];
  if (expiresTemplates === false && persistent.length > 0)
    advice.push(
      `net.ipv4.vs.expire_quiescent_template is 0, so persistent clients stay at a destination of weight 0; set it to 1 for ${some(persistent)}`,
    );
  if (expiresConnections === false && removing.length > 0)
    advice.push(
      `net.ipv4.vs.expire_nodest_conn is 0, so packets of clients of a removed destination are dropped until their connections expire; set it to 1 for ${some(removing)}`,
    );
  return advice;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
