import { spawnSync } from 'node:child_process';

/** Skips a test where there is no promtool, unless it is demanded by `scripts/test-metrics`, which installs it. */
export function needsPromtool(test: { skip(): never }): void {
  const isThere = spawnSync('promtool', ['--version']).error === undefined;
  if (!isThere && process.env['IPVS_TS_PROMTOOL'] !== 'required') test.skip();
}
