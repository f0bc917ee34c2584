/**
 * Rules in exactly the forms that `-S -n` writes for TCP and UDP over IPv4: recognised whole, since a restore is made
 * of little else. All other lines take the long way by their words; both ways must come to the same request.
 */
import { type CallPattern, makeCalls, type BulkBatch } from '@ipvs-ts/ipvs/verbs-sync';

const ADDRESSES = [0, 0xffff_ffff] as const;
const PORTS = [1, 65_535] as const;
/** Larger numbers have other meanings. */
const WEIGHTS = [0, 999_999_999] as const;

const SERVICE_RULE = /^-A -[tu] [0-9.]+:[0-9]+ -s ([a-z]{1,15})\n/;
/** The longest line of this form, and more. */
const LONGEST = 80;

/** So many names of schedulers are looked for in whole rules. */
const MOST_SCHEDULERS = 32;

const SERVICE = 'tcp:192.0.2.1:1';
const SERVER = '192.0.2.1:1';
const calls = makeCalls('kernel');

/** The forms of rules for servers, of a protocol. */
function serverForms(letter: 't' | 'u', protocol: 'tcp' | 'udp'): CallPattern[] {
  const form = (way: 'm' | 'g', call: CallPattern['call'], values: CallPattern['values']): CallPattern => ({
    text: `-a -${letter} @:# -r @:# -${way} -w #\n`,
    limits: [ADDRESSES, PORTS, ADDRESSES, PORTS, WEIGHTS],
    call,
    values,
  });
  const service = SERVICE.replace('tcp', protocol) as `${typeof protocol}:${string}`;
  return [
    form('m', calls.addDestination(service, SERVER, { forwarding: 'masq' }), [
      ...([['address'], ['port'], ['real'], ['realPort'], ['weight']] as const),
    ]),
    // Direct routing delivers to the service's own port whatever the rule says.
    form('g', calls.addDestination(service, SERVER, { forwarding: 'route' }), [
      ...([['address'], ['port', 'realPort'], ['real'], [], ['weight']] as const),
    ]),
  ];
}

function serviceForms(scheduler: string): CallPattern[] {
  return (['tcp', 'udp'] as const).map((protocol) => ({
    text: `-A -${protocol.charAt(0)} @:# -s ${scheduler}\n`,
    limits: [ADDRESSES, PORTS],
    call: calls.addService(SERVICE.replace('tcp', protocol), { scheduler }),
    values: [['address'], ['port']],
  }));
}

/** Recognises rules, one after another, and adds them to a batch. */
export class PlainRules {
  readonly #batch: BulkBatch;
  readonly #schedulers = new Set<string>();
  #works: boolean | undefined;

  constructor(batch: BulkBatch) {
    this.#batch = batch;
  }

  /** Adds the rules that stand from `at` on, as far as they are of these forms; where the first other line begins. */
  take(text: Buffer, at: number): number {
    if (this.#works === false) return at;
    if (this.#works === undefined && !(this.#works = this.#setForms())) return at;
    for (let from = at; ;) {
      const next = this.#batch.addTexts(text, from);
      if (next === text.length || !this.#learn(text.toString('latin1', next, next + LONGEST))) return next;
      from = next;
    }
  }

  /** Learns the scheduler of a rule for a service; whether it is one that was not known. */
  #learn(line: string): boolean {
    const scheduler = SERVICE_RULE.exec(line)?.[1];
    if (scheduler === undefined || this.#schedulers.has(scheduler)) return false;
    if (this.#schedulers.size === MOST_SCHEDULERS) return false;
    this.#schedulers.add(scheduler);
    return this.#setForms();
  }

  #setForms(): boolean {
    return this.#batch.setForms([
      ...serverForms('t', 'tcp'),
      ...serverForms('u', 'udp'),
      ...[...this.#schedulers].flatMap(serviceForms),
    ]);
  }
}
