/**
 * Rules in exactly the forms that `-S -n` writes for TCP and UDP over IPv4: recognised whole, since a restore is made
 * of little else. All other lines take the long way by their words; both ways must come to the same request.
 */
import type { PackedBatch, PlainService } from '@ipvs-ts/ipvs/verbs-sync';
import { NONE, Pattern } from './pattern.js';

const MOST_PORT = 65_535;
/** Larger numbers have other meanings. */
const MOST_WEIGHT = 999_999_999;

const SERVER_RULE = new Pattern('-a -? @:# -r @:# -? -w #\n', [MOST_PORT, MOST_PORT, MOST_WEIGHT]);
const SERVICE_RULE = new Pattern('-A -? @:# -s ', [MOST_PORT]);
const SCHEDULER = /^[a-z]{1,15}$/;

/** Where the values stand: of both forms, then of rules for servers. */
const LETTER = 0;
const ADDRESS = 1;
const PORT = 2;
const REAL_ADDRESS = 3;
const REAL_PORT = 4;
const WAY = 5;
const WEIGHT = 6;

const LF = 10;
const LETTER_T = 116;
const LETTER_U = 117;
const LETTER_M = 109;
const LETTER_G = 103;
const TCP = 6;
const UDP = 17;

/** Recognises rules, one after another, and adds them to a batch. */
export class PlainRules {
  readonly #batch: PackedBatch;
  /** The service of the last rule: mostly that of the next one too. */
  #service: PlainService = { protocol: 0, address: 0, port: 0 };

  constructor(batch: PackedBatch) {
    this.#batch = batch;
  }

  /** Adds the rules that stand from `at` on, as far as they are of these forms; where the first other line begins. */
  take(text: Buffer, at: number): number {
    const { values } = SERVER_RULE;
    let start = at;
    while (start < text.length) {
      let end = SERVER_RULE.match(text, start);
      if (end < 0) end = this.#newService(text, start);
      else {
        const service = this.#named(values);
        const port = values[REAL_PORT] as number;
        const way = values[WAY];
        if (service === undefined || port === 0 || (way !== LETTER_M && way !== LETTER_G)) return start;
        const address = values[REAL_ADDRESS] as number;
        const weight = values[WEIGHT] as number;
        if (way === LETTER_M) this.#batch.addDestination(service, address, port, 'masq', weight);
        // Direct routing delivers to the service's own port whatever the rule says.
        else this.#batch.addDestination(service, address, service.port, 'route', weight);
      }
      if (end < 0) break;
      start = end;
    }
    return start;
  }

  #newService(text: Buffer, at: number): number {
    const start = SERVICE_RULE.match(text, at);
    const end = start < 0 ? NONE : text.indexOf(LF, start);
    if (end < 0) return NONE;
    const scheduler = text.toString('latin1', start, end);
    const service = this.#named(SERVICE_RULE.values);
    if (service === undefined || !SCHEDULER.test(scheduler)) return NONE;
    this.#batch.addService(service, scheduler);
    return end + 1;
  }

  #named(values: Float64Array): PlainService | undefined {
    const letter = values[LETTER];
    const protocol = letter === LETTER_T ? TCP : letter === LETTER_U ? UDP : 0;
    const address = values[ADDRESS] as number;
    const port = values[PORT] as number;
    const last = this.#service;
    if (last.port === port && last.address === address && last.protocol === protocol) return last;
    if (protocol === 0 || port === 0) return undefined;
    return (this.#service = { protocol, address, port });
  }
}
