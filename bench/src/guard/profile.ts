/** Which functions of JavaScript a task spends its time in: callgrind has no names for them. */
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { type Mode, MODES } from './modes.js';
import { TASKS } from './tasks.js';

/** The functions with most samples of their own, biggest first: share in percent, name and place. */
export async function biggestFunctions(task: string, count: number): Promise<string[]> {
  const mode = Object.values<Mode>(MODES).find(({ tasks }) => task in tasks);
  const found = TASKS.find(({ name }) => name === mode?.tasks[task]);
  if (mode === undefined || found === undefined) return [];
  setFlagsFromString(mode.flags.includes('--no-opt') ? '--no-opt' : '--opt');
  for (let round = 0; round < 10; round++) await found.run();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 100 });
  await session.post('Profiler.start');
  for (let round = 0; round < 40; round++) await found.run();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const samples = new Map<string, number>();
  let all = 0;
  for (const { hitCount = 0, callFrame } of profile.nodes) {
    const { functionName, url, lineNumber } = callFrame;
    const place = url === '' ? '' : ` ${url.replace(/^.*\/packages\//, '')}:${lineNumber + 1}`;
    const name = `${functionName === '' ? '(anonymous)' : functionName}${place}`;
    samples.set(name, (samples.get(name) ?? 0) + hitCount);
    all += hitCount;
  }
  return [...samples]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, hits]) => `${((100 * hits) / all).toFixed(1).padStart(5)} %  ${name}`);
}
