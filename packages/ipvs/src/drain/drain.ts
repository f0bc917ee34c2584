import { setTimeout as sleep } from 'node:timers/promises';
import type { Destination } from '../model/destination.js';
import { type DrainHistory, type DrainRule, drainRule, judge } from './verdict.js';
import { checkDrainOptions, type DrainOptions, type DrainResult } from './options.js';
import { drainError, type DrainHost, Target } from './target.js';
import { IpvsError } from '../errors.js';
import {
  type DestinationName,
  destinationKeyText,
  parseDestinationKey,
  parseServiceKey,
  type ServiceName,
  serviceKeyText,
} from '../model/key.js';
import { type ProcFiles, readProc } from '../proc/proc-files.js';
import type { Service } from '../model/service.js';
import { SYSCTLS_FOLDER } from '../proc/sysctls.js';

/** Drains one destination. `Ipvs.drain` documents it. */
export async function drain(
  host: DrainHost,
  files: ProcFiles,
  serviceName: ServiceName,
  name: DestinationName,
  options: DrainOptions = {},
): Promise<DrainResult> {
  const then = checkDrainOptions(options);
  const subject = new Target(
    host,
    serviceKeyText(parseServiceKey(serviceName)),
    destinationKeyText(parseDestinationKey(name)),
    { signal: options.signal },
  );
  const start = performance.now();
  const service = await subject.read();
  const weight = await subject.begin(options.evenLast === true);
  const outcome = await untilDrained(subject, service, files, start, options);
  if (outcome === 'drained' && then === 'delete') await subject.delete();
  return {
    service: subject.service,
    destination: subject.destination,
    outcome: outcome === 'gone' ? 'gone' : then === 'delete' ? 'deleted' : 'kept',
    weight,
    elapsed: performance.now() - start,
  };
}

async function untilDrained(
  subject: Target,
  service: Service,
  files: ProcFiles,
  start: number,
  { timeout = Infinity, poll = 1000, graceUdp = 10_000, settle = 4000, onProgress, signal }: DrainOptions,
): Promise<'drained' | 'gone'> {
  let history: DrainHistory | undefined;
  for (;;) {
    // Read at each poll: the user may change the setting during the drain.
    const expireQuiescentTemplate = expiresTemplates(files);
    const rule = drainRule(service, expireQuiescentTemplate, { graceUdp, settle });
    const found = await subject.find();
    if (found === undefined) return 'gone';
    const weightTaken = found.weight > 0;
    if (weightTaken) await subject.takeWeight(found);
    const now = performance.now();
    const verdict = judge(rule, found, history, now);
    const { waitingFor } = verdict;
    if (waitingFor === undefined && !weightTaken) return 'drained';
    history = verdict.history;
    const elapsed = now - start;
    const { activeConnections, inactiveConnections, persistentConnections } = found;
    onProgress?.({
      service: subject.service,
      destination: subject.destination,
      elapsed,
      waitingFor: waitingFor ?? 'settling',
      activeConnections,
      inactiveConnections,
      persistentConnections,
      weightTaken,
      expireQuiescentTemplate,
    });
    if (elapsed >= timeout) throw timeoutError(subject, found, timeout, rule);
    await pause(Math.min(poll, timeout - elapsed), signal);
  }
}

/** Waits, or rejects with the reason of `signal`. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { ...(signal !== undefined && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Whether the kernel ignores templates to destinations of weight 0; undefined if the setting cannot be read. */
function expiresTemplates(files: ProcFiles): boolean | undefined {
  try {
    const path = `${SYSCTLS_FOLDER}/expire_quiescent_template`;
    return readProc(files, path, 'read the settings').trim() !== '0';
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_PROC')) return undefined;
    throw error;
  }
}

function timeoutError(subject: Target, found: Destination, timeout: number, rule: DrainRule): IpvsError {
  const { activeConnections, inactiveConnections, persistentConnections } = found;
  const counts = `${activeConnections} active, ${inactiveConnections} inactive, ${persistentConnections} persistent`;
  const hint =
    rule.templates && persistentConnections > 0
      ? '; persistence brings clients back until their templates expire, which net.ipv4.vs.expire_quiescent_template=1 ends at once'
      : '';
  return drainError(
    'ERR_IPVS_DRAIN_TIMEOUT',
    subject,
    `connections were left after ${timeout} ms (${counts}); it keeps weight 0, and draining it again continues${hint}`,
  );
}
