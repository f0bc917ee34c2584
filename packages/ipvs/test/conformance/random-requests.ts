import type { AttributeSet, Codec, Definition, Shape } from '@ipvs-ts/netlink';
import { NLM_F } from '@ipvs-ts/netlink/testing';
import { OPERATIONS } from '@ipvs-ts/ipvs';
import { type Bytes, DAEMON, DESTINATION, encode, ip, MESSAGE, nest, raw, SERVICE } from './attributes.js';
import type { Oddity } from './probe.js';

/** A request of any kind, valid or not. */
export interface RandomRequest {
  readonly name: keyof typeof OPERATIONS;
  readonly attributes: readonly Bytes[];
  readonly oddity: Oddity;
}

/** Pseudo-random numbers, the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }
}

/** Values to choose from, few enough that requests interact. The first is chosen most of the time. */
type Choices = Readonly<Record<string, readonly unknown[]>>;

const ALL = 0xffff_ffff;
const SERVICE_CHOICES: Choices = {
  family: [2, 10, 0, 1, 65535],
  protocol: [6, 17, 0, 65535],
  address: [ip('10.0.0.1'), ip('2001:db8::1'), Uint8Array.of(10, 0, 0, 1), new Uint8Array()],
  port: [80, 0, 65535],
  scheduler: ['rr', 'wlc', 'none', 'mh'],
  flags: [
    { flags: 0, mask: ALL },
    { flags: 1, mask: 1 },
    { flags: ALL, mask: 0xf0 },
  ],
  timeout: [0, 360, 42949673, ALL],
  netmask: [ALL, 128, 64, 0],
};
const SERVICE_EXTRAS: Choices = { fwmark: [7, 0, ALL], engine: ['sip', ''] };
const DESTINATION_CHOICES: Choices = {
  family: [2, 10, 0, 1],
  address: [
    ip('10.1.0.1'),
    ip('10.1.0.2'),
    ip('2001:db8:1::1'),
    ip('224.0.0.1'),
    ip('0.0.0.0'),
    ip('fe80::1'),
  ],
  port: [80, 0],
  forwarding: [0, 2, 3, 7, ALL],
  weight: [1, 0, 0x7fff_ffff, 0x8000_0000],
  upperThreshold: [0, 5, 0x7fff_ffff],
  lowerThreshold: [0, 5, 6],
};
const DESTINATION_EXTRAS: Choices = {
  tunnelType: [0, 1, 2, 255],
  tunnelPort: [0, 6080],
  tunnelFlags: [0, 1, 0xffff],
  activeConnections: [3],
};
const DAEMON_CHOICES: Choices = { state: [1, 2, 3], interface: ['dum0', 'nosuch0', ''], syncId: [1, ALL] };
const DAEMON_EXTRAS: Choices = {
  maxLength: [0, 1, 1000, 65535],
  group: [Uint8Array.of(224, 0, 0, 90), Uint8Array.of(10, 0, 0, 1)],
  group6: [ip('ff02::81'), ip('2001:db8::1')],
  port: [0, 9000],
  ttl: [0, 3],
};
const CONFIG_CHOICES: Choices = { tcp: [900, 0, 8589935, 21474837], tcpFin: [120, 0], udp: [300, 1] };

const NAMES: readonly (keyof typeof OPERATIONS)[] = [
  'newService',
  'newService',
  'newService',
  'setService',
  'setService',
  'getService',
  'deleteService',
  'newDestination',
  'newDestination',
  'newDestination',
  'setDestination',
  'setDestination',
  'deleteDestination',
  'dumpServices',
  'dumpDestinations',
  'dumpDestinations',
  'newDaemon',
  'dumpDaemons',
  'setConfig',
  'getConfig',
  'getInfo',
  'zero',
];

/**
 * The requests of one send. A dump is alone: what it shows of the changes that follow it in the same send depends on the
 * place of each entry in the kernel's tables. So is DEL_DAEMON, which gets no answer when it follows NEW_DAEMON at once.
 */
export function randomSend(dice: Dice): RandomRequest[] {
  const requests = Array.from({ length: dice.once(5) ? 3 : 1 }, () => randomRequest(dice));
  const alone = requests.find(
    ({ name, oddity: { flags = 0, command } }) =>
      name.startsWith('dump') ||
      name === 'deleteDaemon' ||
      flags >= NLM_F.DUMP ||
      command === OPERATIONS.deleteDaemon.command,
  );
  return alone === undefined ? requests : [alone];
}

/** The next request. Some are as a client sends them; most have a flaw or are unusual. */
function randomRequest(dice: Dice): RandomRequest {
  const name = dice.once(60) ? dice.of(['flush', 'deleteDaemon'] as const) : dice.of(NAMES);
  const attributes: Bytes[] = [];
  if (!dice.once(25)) attributes.push(nested(dice, 1, SERVICE, SERVICE_CHOICES, SERVICE_EXTRAS));
  if (name.includes('Destination') && !dice.once(25))
    attributes.push(nested(dice, 2, DESTINATION, DESTINATION_CHOICES, DESTINATION_EXTRAS));
  if (name.includes('Daemon') && !dice.once(15))
    attributes.push(nested(dice, 3, DAEMON, DAEMON_CHOICES, DAEMON_EXTRAS));
  if (name === 'setConfig') attributes.push(...scattered(dice, MESSAGE, CONFIG_CHOICES, 2));
  if (dice.once(30)) attributes.push(flawed(dice, MESSAGE));
  return { name, attributes, oddity: oddity(dice) };
}

function nested(
  dice: Dice,
  number: number,
  set: AttributeSet<Shape>,
  choices: Choices,
  extras: Choices,
): Bytes {
  const parts = [...scattered(dice, set, choices, 40), ...scattered(dice, set, extras, 1.3)];
  if (dice.once(20)) parts.push(flawed(dice, set));
  if (dice.once(60)) parts.push(Uint8Array.of(1, 2, 3).subarray(0, 1 + dice.below(3)));
  return nest(dice.once(3) ? number | 0x8000 : number, ...parts);
}

/** Each attribute of `choices`, but for one in `omitting`. */
function scattered(dice: Dice, set: AttributeSet<Shape>, choices: Choices, omitting: number): Bytes[] {
  return Object.entries(choices).flatMap(([name, values]) => {
    if (dice.below(1000) < 1000 / omitting) return [];
    return [encode(set, { [name]: dice.once(3) ? dice.of(values) : values[0] } as never)];
  });
}

/** An attribute that may be unknown, too short, too long or of any bytes. */
function flawed(dice: Dice, set: AttributeSet<Shape>): Bytes {
  const numbers = Object.values(set.attributes).map(({ number }) => number);
  const number = dice.once(4) ? dice.of([0, 30, 99, 0x3fff]) : dice.of(numbers);
  const definition: Definition | undefined = Object.values(set.attributes).find(
    (each) => each.number === number,
  );
  const width = (definition?.kind as Partial<Codec<unknown>> | undefined)?.minimum ?? 4;
  const length = Math.max(0, dice.of([width - 1, width + 1, width + 4, 0, 1, dice.below(20)]));
  return raw(
    number,
    Array.from({ length }, () => dice.of([0, 0, 1, 2, 0x61, 0xff])),
  );
}

function oddity(dice: Dice): Oddity {
  if (!dice.once(15)) return {};
  return dice.of<Oddity>([
    { version: 9 },
    { reserved: 3 },
    { trailing: [1, 2, 3] },
    { trailing: [3, 0, 1, 0] },
    { flags: NLM_F.REQUEST },
    { flags: NLM_F.ACK },
    { flags: NLM_F.REQUEST | NLM_F.ACK | NLM_F.ROOT },
    { flags: NLM_F.REQUEST | NLM_F.DUMP },
    { header: 2 },
    { length: 17 },
    { type: 4 },
    { command: dice.below(20) },
  ]);
}
