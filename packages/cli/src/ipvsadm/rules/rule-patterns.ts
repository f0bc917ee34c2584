/**
 * Recognises rules in exactly the patterns that `-S -n` writes for TCP and UDP over IPv4, of which most restores
 * consist. All other lines are read word by word; both ways must lead to the same request.
 */
import {
  ADD_DESTINATION,
  ADD_SERVICE,
  type BulkBatch,
  type CallPattern,
  type DestinationRuleValue,
  type Gap,
  makeCalls,
  type PlainValue,
  readRule,
  ruleForm,
  type RulePattern,
  type RuleValues,
  type ServiceNameValue,
  type ServiceSettingValue,
} from '@ipvs-ts/ipvs/verbs-sync';
import { COMMAND_WORD } from './rules.js';

const ADDRESSES = [0, 0xffff_ffff] as const;
const PORTS = [1, 65_535] as const;
/** Larger numbers have other meanings. */
const WEIGHTS = [0, 999_999_999] as const;

/** The scheduler names that are learnt from rules. */
const SCHEDULER = /^[a-z]{1,15}$/;
/** More than the longest line of these patterns. */
const LONGEST = 80;

/** The most schedulers with their own patterns. */
const MOST_SCHEDULERS = 32;

const SERVER = '192.0.2.1:1';
const calls = makeCalls('kernel');

/** The protocols and forwarding methods of these rules. */
const RULE_PROTOCOLS = ['tcp', 'udp'] as const;
const RULE_FORWARDING = ['masq', 'route'] as const;

type RuleValue = ServiceNameValue | ServiceSettingValue | DestinationRuleValue;

/** The values that a gap sets in a request, and their limits. */
type Target = readonly [values: readonly PlainValue[], limits: readonly [least: number, most: number]];
type Targets = Readonly<Partial<Record<`${RuleValue} ${Gap<RuleValue>['part']}`, Target>>>;

const SERVICE_TARGETS: Targets = {
  'service address': [['address'], ADDRESSES],
  'service port': [['port'], PORTS],
};

const DESTINATION_TARGETS: Targets = {
  ...SERVICE_TARGETS,
  'destination address': [['real'], ADDRESSES],
  'destination port': [['realPort'], PORTS],
  'weight number': [['weight'], WEIGHTS],
};

/** Direct routing delivers to the port of the service, whatever the rule says. */
const ROUTE_TARGETS: Targets = {
  ...DESTINATION_TARGETS,
  'service port': [['port', 'realPort'], PORTS],
  'destination port': [[], PORTS],
};

function pattern(
  pattern: RulePattern<RuleValue>,
  values: RuleValues<RuleValue>,
  call: CallPattern['call'],
  targets: Targets,
): CallPattern {
  const { text, gaps } = ruleForm(pattern, values);
  const found = gaps.map(({ value, part }) => targets[`${value} ${part}`] as Target);
  return {
    text: `${text}\n`,
    call,
    limits: found.map(([, limits]) => limits),
    values: found.map(([places]) => places),
  };
}

function destinationPatterns(): CallPattern[] {
  return RULE_PROTOCOLS.flatMap((protocol) =>
    RULE_FORWARDING.map((forwarding) =>
      pattern(
        ADD_DESTINATION,
        { protocol, forwarding },
        calls.addDestination(`${protocol}:${SERVER}`, SERVER, { forwarding }),
        forwarding === 'route' ? ROUTE_TARGETS : DESTINATION_TARGETS,
      ),
    ),
  );
}

function servicePatterns(scheduler: string): CallPattern[] {
  return RULE_PROTOCOLS.map((protocol) =>
    pattern(
      ADD_SERVICE,
      { protocol, scheduler },
      calls.addService(`${protocol}:${SERVER}`, { scheduler }),
      SERVICE_TARGETS,
    ),
  );
}

/** Recognises rules and adds them to a batch. */
export class PlainRules {
  readonly #batch: BulkBatch;
  readonly #schedulers = new Set<string>();
  #works: boolean | undefined;

  constructor(batch: BulkBatch) {
    this.#batch = batch;
  }

  /** Adds the rules from `at` on that have these patterns; returns the offset of the first other line. */
  take(text: Buffer, at: number): number {
    if (this.#works === false) return at;
    if (this.#works === undefined && !(this.#works = this.#setPatterns())) return at;
    for (let from = at; ;) {
      const next = this.#batch.addTexts(text, from);
      if (next === text.length || !this.#learn(text.toString('latin1', next, next + LONGEST))) return next;
      from = next;
    }
  }

  /** Learns the scheduler of a rule for a service; returns whether it was new. */
  #learn(line: string): boolean {
    const scheduler = readRule(ADD_SERVICE, line.split('\n', 1)[0]?.split(' ') ?? [])?.scheduler;
    if (
      scheduler === undefined ||
      scheduler === COMMAND_WORD ||
      !SCHEDULER.test(scheduler) ||
      this.#schedulers.has(scheduler)
    )
      return false;
    if (this.#schedulers.size === MOST_SCHEDULERS) return false;
    this.#schedulers.add(scheduler);
    return this.#setPatterns();
  }

  #setPatterns(): boolean {
    return this.#batch.setPatterns([
      ...destinationPatterns(),
      ...[...this.#schedulers].flatMap(servicePatterns),
    ]);
  }
}
