import type { Probe } from '../check/probe.js';
import { type CheckResult, noVerdict } from '../check/result.js';
import { dnsCheck, udpCheck } from './datagram-checks.js';
import { fileCheck, pingCheck, scriptCheck } from './host-checks.js';
import { ProgramPool } from './program-pool.js';
import { agentCheck, httpCheck, httpsCheck, tcpCheck, tlsCheck } from './stream-checks.js';

/** Runs one check. It never rejects: errors of this host are no verdict. */
export type RunCheck = (probe: Probe) => Promise<CheckResult>;

/** What runs checks. */
export interface CheckEngine {
  run: RunCheck;
  /** Stops running checks. */
  close(): void;
}

/** The types whose runs always end with a result. */
const OWN: ReadonlySet<string> = new Set(['tcp', 'tls', 'http', 'https', 'dns', 'udp', 'agent']);

/** Runs every type of check on Node's sockets. `custom`: custom types, by name. */
export class SocketEngine implements CheckEngine {
  readonly #pool = new ProgramPool();
  readonly #types: Readonly<Record<string, RunCheck>>;

  constructor(custom: Readonly<Record<string, RunCheck>> = {}) {
    this.#types = {
      ...custom,
      tcp: tcpCheck,
      tls: tlsCheck,
      http: httpCheck,
      https: httpsCheck,
      dns: dnsCheck,
      udp: udpCheck,
      ping: (probe) => pingCheck(probe, this.#pool),
      script: (probe) => scriptCheck(probe, this.#pool),
      file: fileCheck,
      agent: agentCheck,
    };
  }

  run(probe: Probe): Promise<CheckResult> {
    const { type } = probe.check;
    const couldNot = (error: unknown): CheckResult =>
      noVerdict(`check ${type} could not run: ${error instanceof Error ? error.message : String(error)}`);
    try {
      const running = this.#types[type]?.(probe) ?? Promise.resolve(noVerdict(`there is no check ${type}`));
      // Our own types never reject, and thousands of them run per second.
      return OWN.has(type) ? running : Promise.resolve(running).catch(couldNot);
    } catch (error) {
      return Promise.resolve(couldNot(error));
    }
  }

  close(): void {
    this.#pool.close();
  }
}
