/**
 * The syntax of ipvsadm's rules: `-S` and the doctor's commands are printed, and long restores are read, with these
 * patterns.
 */
import { checkObject, checkText, wrongType } from '../argument-checks.js';
import type { Destination } from '../model/destination.js';
import type { Service } from '../model/service.js';
import type { Uncounted } from '../model/counters.js';
import { destinationKeyText } from '../model/key.js';
import { SCHEDULER_FLAG_TABLE, SERVICE_FLAG } from '../model/service-flags.js';
import { ruleWords, type RulePattern, type RuleValues } from './rule-pattern.js';

/** The option of each protocol. */
export const PROTOCOL_OPTIONS = { tcp: '-t', udp: '-u', sctp: '--sctp-service' } as const;

/** The option of each forwarding method; `local` depends on the address, not on the rule. */
const FORWARDING_OPTIONS = { masq: '-m', tunnel: '-i', route: '-g', local: '-g' } as const;

/** The option of each checksum of a tunnel. */
const CHECKSUM_OPTIONS = {
  none: '--tun-nocsum',
  csum: '--tun-csum',
  remcsum: '--tun-remcsum',
} as const;

/** The values that name a service. `ipv6` is 1 for a firewall mark of IPv6 packets. */
export type ServiceNameValue = 'protocol' | 'service' | 'fwmark' | 'ipv6';

/** The settings of a service. `onePacket` is 1 for one-packet scheduling. */
export type ServiceSettingValue = 'scheduler' | 'timeout' | 'netmask' | 'engine' | 'onePacket' | 'flags';

/** The settings of a destination. */
export type DestinationSettingValue =
  'forwarding' | 'tunnelType' | 'tunnelPort' | 'checksum' | 'upperThreshold' | 'lowerThreshold';

/** The values that name a destination, its settings, and its weight. */
export type DestinationRuleValue = 'destination' | 'weight' | DestinationSettingValue;

/** `-t 192.0.2.10:80`, `-f 7 -6`. */
const SERVICE_NAME: RulePattern<ServiceNameValue> = [
  {
    either: [
      [
        { value: 'protocol', options: PROTOCOL_OPTIONS, other: '--xxx-service' },
        { value: 'service', as: 'endpoint' },
      ],
      ['-f', { value: 'fwmark', as: 'number' }, { optional: [{ value: 'ipv6', options: { 1: '-6' } }] }],
    ],
  },
];

/** `-s wlc -p 300 -M 255.255.255.0 --pe sip -o -b sh-port`. */
const SERVICE_SETTINGS: RulePattern<ServiceSettingValue> = [
  ...['-s', { value: 'scheduler', as: 'word' } as const],
  {
    optional: [
      ...['-p', { value: 'timeout', as: 'number' } as const],
      { optional: ['-M', { value: 'netmask', as: 'word' }] },
    ],
  },
  { optional: ['--pe', { value: 'engine', as: 'word' }] },
  { optional: [{ value: 'onePacket', options: { 1: '-o' } }] },
  { optional: ['-b', { value: 'flags', as: 'word' }] },
];

/** `-r 10.0.0.11:80 -m`. */
const DESTINATION_NAME: RulePattern<DestinationRuleValue> = [
  ...['-r', { value: 'destination', as: 'endpoint' } as const],
  { value: 'forwarding', options: FORWARDING_OPTIONS, other: '(null)' },
];

/** `--tun-type gue --tun-port 6080 --tun-csum`. */
const TUNNEL: RulePattern<DestinationRuleValue> = [
  {
    optional: [
      ...['--tun-type', { value: 'tunnelType', as: 'word' } as const],
      { optional: ['--tun-port', { value: 'tunnelPort', as: 'number' }] },
      { optional: [{ value: 'checksum', options: CHECKSUM_OPTIONS }] },
    ],
  },
];

const THRESHOLDS: RulePattern<DestinationRuleValue> = [
  { optional: ['-x', { value: 'upperThreshold', as: 'number' }] },
  { optional: ['-y', { value: 'lowerThreshold', as: 'number' }] },
];

/** A whole rule that adds a service. */
export const ADD_SERVICE: RulePattern<ServiceNameValue | ServiceSettingValue> = [
  '-A',
  ...SERVICE_NAME,
  ...SERVICE_SETTINGS,
];

/** A whole rule that adds a destination. `-S` does not write thresholds. */
export const ADD_DESTINATION: RulePattern<ServiceNameValue | DestinationRuleValue> = [
  '-a',
  ...SERVICE_NAME,
  ...DESTINATION_NAME,
  ...['-w', { value: 'weight', as: 'number' } as const],
  ...TUNNEL,
];

/** All settings of a destination except its weight. */
const DESTINATION_SETTINGS: RulePattern<DestinationRuleValue> = [
  ...DESTINATION_NAME,
  ...TUNNEL,
  ...THRESHOLDS,
];

/** The values that name a service; `endpoint` is its address and port as text. */
export function serviceNameValues(
  { fwmark, family, protocol }: Pick<Service, 'fwmark' | 'family' | 'protocol'>,
  endpoint: string,
): RuleValues<ServiceNameValue> {
  // All have the same shape, for speed: a table has many.
  const isAddress = fwmark === undefined;
  return {
    protocol: isAddress ? protocol : undefined,
    service: isAddress ? endpoint : undefined,
    fwmark,
    ipv6: !isAddress && family === 'ipv6' ? 1 : undefined,
  };
}

/** A service as options of ipvsadm, by number: `-t 192.0.2.10:80`, `-f 7`. */
export function serviceNameWords(service: Service): string[] {
  checkObject('service', service);
  const endpoint = service.fwmark === undefined ? destinationKeyText(service) : '';
  return ruleWords(SERVICE_NAME, serviceNameValues(service, endpoint));
}

/** All settings of a service as options of ipvsadm, without those that have their default. */
export function serviceSettingsWords(service: Uncounted<Service>): string[] {
  checkObject('service', service);
  const { scheduler, flags, onePacket, persistence, family } = service;
  checkText('service.scheduler', scheduler);
  if (!Array.isArray(flags)) throw wrongType('service.flags', 'a list of flags', flags);
  const { timeout = 0, netmask, engine } = persistence ?? {};
  const persistent = timeout > 0;
  const isWhole = String(netmask) === (family === 'ipv4' ? '255.255.255.255' : '128');
  return ruleWords(SERVICE_SETTINGS, {
    scheduler: scheduler === '' ? 'none' : scheduler,
    timeout: persistent ? timeout : undefined,
    netmask: persistent && !isWhole ? netmask : undefined,
    engine: persistent ? engine : undefined,
    onePacket: onePacket ? 1 : undefined,
    flags: flags.length > 0 ? flags.join(',') : undefined,
  });
}

/** All settings of a destination except its weight as options of ipvsadm, without those that have their default. */
export function destinationSettingsWords(destination: Uncounted<Destination>): string[] {
  checkObject('destination', destination);
  const { key, forwarding, tunnel, upperThreshold, lowerThreshold } = destination;
  checkText('destination.key', key);
  checkText('destination.forwarding', forwarding);
  const { type, port = 0, checksum } = tunnel ?? {};
  const plain = type === undefined || type === 'ipip';
  return ruleWords(DESTINATION_SETTINGS, {
    destination: key,
    forwarding: Object.hasOwn(FORWARDING_OPTIONS, forwarding) ? forwarding : 'route',
    tunnelType: plain ? undefined : type,
    tunnelPort: port === 0 ? undefined : port,
    checksum: checksum === 'none' ? undefined : checksum,
    upperThreshold: upperThreshold === 0 ? undefined : upperThreshold,
    lowerThreshold: lowerThreshold === 0 ? undefined : lowerThreshold,
  });
}

const ALL_FLAGS = SERVICE_FLAG.scheduler1 | SERVICE_FLAG.scheduler2 | SERVICE_FLAG.scheduler3;

/**
 * The comma-separated list of scheduler flags as ipvsadm writes it; undefined if none is set. With schedulers that name
 * the first two flags, the third has no name, so the list may be empty.
 */
export function ruleFlags(scheduler: string, rawFlags: number): string | undefined {
  if ((rawFlags & ALL_FLAGS) === 0) return undefined;
  const named = SCHEDULER_FLAG_TABLE.filter((flag) => flag.scheduler === scheduler);
  const flags =
    named.length > 0 ? named : SCHEDULER_FLAG_TABLE.filter((flag) => flag.scheduler === undefined);
  return flags
    .filter(({ bit }) => (rawFlags & bit) !== 0)
    .map(({ name }) => name)
    .join(',');
}
