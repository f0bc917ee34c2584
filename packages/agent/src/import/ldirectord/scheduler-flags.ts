import type { Remarks } from '../remarks.js';
import type { Entry } from './sections.js';

const FLAG = /^(?:(?:sh|mh)-(?:port|fallback)|flag-[123])$/;

/** The flags of `schedflags`. ipvsadm rejects a service with flags of another scheduler, so these are left out. */
export function schedulerFlags(
  entry: Entry | undefined,
  scheduler: string,
  remarks: Remarks,
): readonly string[] | undefined {
  if (entry === undefined) return undefined;
  const flags = entry.value.split(/\s+/)[0]?.split(',') ?? [];
  const right = flags.filter(
    (flag) => FLAG.test(flag) && ['flag', scheduler].includes(flag.split('-')[0] as string),
  );
  const wrong = flags.filter((flag) => !right.includes(flag));
  if (wrong.length > 0)
    remarks.instead(
      entry,
      right.length === 0 ? 'dropped' : 'differs',
      `${entry.text}: ${wrong.join(', ')} is no flag of the scheduler ${scheduler}, so ipvsadm refuses the service`,
    );
  return right.length === 0 ? undefined : right;
}
