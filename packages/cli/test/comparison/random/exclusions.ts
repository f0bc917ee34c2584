/** Command lines that are left out, each kind for a reason. */
import { wordsOf, type Case } from '../case.js';

interface Exclusion {
  readonly reason: string;
  readonly excludes: (words: readonly string[]) => boolean;
}

/** What popt replaces in an argument. */
const NEXT_WORD = '!#:+';

const EXCLUSIONS: readonly Exclusion[] = [
  {
    reason: 'the reference dies of a list of flags without a flag',
    excludes: (words) => words.some((word) => /^(-\w*b=?|--sched-flags=)?,+$/.test(word)),
  },
  {
    reason: 'the reference shows marks from 2 to the 31st as negative numbers',
    excludes: (words) =>
      words.some((word) => {
        const digits = /(?:^|[a-z=+ ])0*([0-9]{10})$/.exec(word)?.[1];
        return digits !== undefined && Number(digits) >= 2 ** 31 && Number(digits) < 2 ** 32;
      }),
  },
  {
    reason: 'words of more than 4096 bytes write past the end of one of the reference’s buffers',
    excludes: (words) => words.some((word) => Buffer.byteLength(word) > 4096),
  },
  {
    // popt puts the next plain word there, and looks for one for ever when only options are left.
    reason: 'the reference never ends',
    excludes: (words) => {
      const at = words.findIndex((word) => word.includes(NEXT_WORD));
      const behind = words.slice(at + 1);
      if (at < 0 || behind.length === 0) return false;
      return behind.some((word) => word.includes(NEXT_WORD)) || behind.every((word) => word.startsWith('-'));
    },
  },
];

/** Why a case is not run; absent: it is. */
export function exclusionOf(item: Case): string | undefined {
  const lines = [wordsOf(item), ...(item.stdin ?? '').split('\n').map((line) => line.split(/[ \t\r]+/))];
  const found = EXCLUSIONS.find(({ excludes }) => lines.some(excludes));
  if (found) return found.reason;
  const text = item.stdin ?? '';
  // A daemon that is stopped while it starts never answers, and a restore does both at once.
  const starts = text.includes('start-daemon') && text.includes('stop-daemon');
  if (starts) return 'a daemon that is stopped in the moment in which it starts never answers';
  // An unsorted list of services has another order in every namespace, and a restore runs in both.
  return text.includes('nosort') ? 'services in no order' : undefined;
}
