/** How much is drawn, and from which seed. */

/** What all random choices of a run come from: IPVS_TS_SEED, or a new one for every run. */
export const SEED = process.env['IPVS_TS_SEED'] ?? String(Date.now() % 1_000_000_007);

/** How many random command lines are run: IPVS_TS_COUNT; random restores and round trips are in proportion. */
export const COUNT = Number(process.env['IPVS_TS_COUNT'] ?? 2_000);
