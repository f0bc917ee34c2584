import { spawnSync } from 'node:child_process';

/** Skips a test if promtool is missing, unless `scripts/test-metrics` runs it, which installs promtool. */
export function needsPromtool(test: { skip(): never }): void {
  const isThere = spawnSync('promtool', ['--version']).error === undefined;
  if (!isThere && process.env['IPVS_TS_PROMTOOL'] !== 'required') test.skip();
}
