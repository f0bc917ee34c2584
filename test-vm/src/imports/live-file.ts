/** Files of other programs that are imported and run beside them while servers die and return. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs that files are for. */
export type Program = 'keepalived' | 'ldirectord';

/** What happens to the servers, one after the other: `one` fails, then both, then the other returns, then both live. */
export const PHASES = ['all', 'one', 'none', 'back', 'again'] as const;

/** A moment at which tables are compared. */
export type Phase = (typeof PHASES)[number];

/** A file, and what the comments at its top say. */
export interface LiveFile {
  readonly program: Program;
  readonly name: string;
  /** `@DIR@` stands for the folder of the servers' exit statuses. */
  readonly text: string;
  /** How servers fail: `refuse`, `vanish`, `mute`, `page`, or `exit N` for scripts. */
  readonly death: string;
  /** Whether the table never changes. */
  readonly unchanged: boolean;
  /** Phases in which the program's own table need not change. */
  readonly still: readonly string[];
  /** Phases in which the tables differ, as the remark says. */
  readonly differs: readonly string[];
  readonly remark: RegExp | undefined;
}

/** The files for a program. */
export function liveFiles(program: Program): readonly LiveFile[] {
  const folder = fileURLToPath(
    new URL(`../../../packages/agent/test/corpus/lives/${program}/`, import.meta.url),
  );
  return readdirSync(folder)
    .sort()
    .map((name) => readFile(program, join(folder, name)));
}

function readFile(program: Program, path: string): LiveFile {
  const text = readFileSync(path, 'utf8');
  const all = (word: string): string[] =>
    [...text.matchAll(new RegExp(`^# ${word}: (.*)$`, 'gm'))].map(([, value]) => value as string);
  const [remark] = all('remark');
  return {
    program,
    name: basename(path).replace(/\.\w+$/, ''),
    text,
    death: all('death')[0] ?? 'refuse',
    unchanged: all('unchanged').length > 0,
    still: all('still'),
    differs: all('differs'),
    remark: remark === undefined ? undefined : new RegExp(remark),
  };
}
