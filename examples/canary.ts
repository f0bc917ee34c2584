// A new version gets a few connections first, then more: node canary.js SERVICE STABLE CANARY URL
// Before each step URL, which should be the canary's own, must answer well; if not, all goes back to STABLE.
import { setTimeout as sleep } from 'node:timers/promises';
import { Ipvs } from '@ipvs-ts/ipvs';

/** Shares of the canary in percent, and how long each is tried, in milliseconds. */
const STEPS = [1, 10, 50, 100];
const PAUSE = Number(process.env['PAUSE'] ?? 60_000);

const [service = '', stable = '', canary = '', url = ''] = process.argv.slice(2);
if (url === '') throw new Error('usage: canary SERVICE STABLE CANARY URL');

const ipvs = await Ipvs.open();
try {
  await checkScheduler();
  for (const share of STEPS) {
    await checkHealth();
    await setShare(share);
    await sleep(PAUSE);
  }
  await checkHealth();
} catch (error) {
  console.log(`back to ${stable}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
  await setShare(0);
} finally {
  await ipvs.close();
}

/** Whoever gains weight comes first, so that there is never a moment without any. Open connections stay where they are. */
async function setShare(share: number): Promise<void> {
  const weights = [
    [canary, share],
    [stable, 100 - share],
  ] as const;
  for (const [key, weight] of share > 0 ? weights : weights.toReversed())
    await ipvs.updateDestination(service, key, { weight });
  console.log(`${canary}: ${share} %`);
}

/** Weights mean nothing to some schedulers. */
async function checkScheduler(): Promise<void> {
  const { scheduler } = await ipvs.service(service);
  if (!['wrr', 'wlc', 'sed', 'nq'].includes(scheduler))
    throw new Error(`${service} has the scheduler ${scheduler}, which does not share by weight`);
}

async function checkHealth(): Promise<void> {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  if (status !== 200) throw new Error(`${url} answers with status ${status}`);
}
