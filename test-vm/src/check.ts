import { isDeepStrictEqual, inspect } from 'node:util';

/** Prints what is done, checks the results, and counts them. */
export class Report {
  passed = 0;
  failed = 0;
  /** Print text as it is. */
  readonly write: (text: string) => void;

  /** @param write where text goes; standard output by default */
  constructor(write: (text: string) => void = (text) => process.stdout.write(text)) {
    this.write = write;
  }

  /** A heading. */
  step(title: string): void {
    this.write(`\n== ${title}\n`);
  }

  /** A line of explanation. */
  say(text: string): void {
    this.write(`   ${text}\n`);
  }

  /** Pass when `good`; otherwise show what was `seen`. */
  check(claim: string, good: boolean, seen: unknown): void {
    if (good) {
      this.passed += 1;
      this.write(`   ok    ${claim}\n`);
      return;
    }
    this.failed += 1;
    this.write(`   WRONG ${claim}\n         seen: ${inspect(seen, { depth: 6, breakLength: 100 })}\n`);
  }

  /** Pass when `seen` equals `expected` in depth. */
  equal(claim: string, seen: unknown, expected: unknown): void {
    const good = isDeepStrictEqual(seen, expected);
    this.check(claim, good, seen);
    if (!good) this.write(`         want: ${inspect(expected, { depth: 6, breakLength: 100 })}\n`);
  }

  /** The closing lines: how many checks passed. */
  summary(): void {
    this.write(`\n${String(this.passed)} passed, ${String(this.failed)} failed\n`);
  }
}
