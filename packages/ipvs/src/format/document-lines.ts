/**
 * The lines of services and destinations in a YAML document: `export` prints a table with these patterns, and plans
 * compare lines. Settings that no document can express make a line with `!`.
 */
import { type Family } from '../model/address.js';
import { defaultNetmask, netmaskFromWire } from '../model/persistence.js';
import type { DestinationSettings, ServiceSettings } from '../model/settings.js';
import { type LinePattern, lineText } from './line-pattern.js';
import type { DestinationRuleValue, ServiceNameValue, ServiceSettingValue } from './rules.js';

/**
 * The values of a service in lines of a document that rules do not have. `quote` is present if the name needs quotes;
 * `otherFlags` are the bits without a name; `storedNetmask` is the netmask of a service that is not persistent.
 */
export type ServiceLineValue =
  ServiceNameValue | ServiceSettingValue | 'quote' | 'otherFlags' | 'storedNetmask';

/**
 * The same for a destination. Limits are thresholds above 0; `gue` is the port of a gue tunnel, `gre` is 1 for a gre
 * tunnel, `otherPort` is the port of any other tunnel; `encoded` is a checksum other than none.
 */
export type DestinationLineValue =
  DestinationRuleValue | 'quote' | 'upperLimit' | 'lowerLimit' | 'gue' | 'gre' | 'otherPort' | 'encoded';

/** Marks a setting that no document can express. */
export const UNUSUAL = '!';

/** The indentation of names. */
const SERVICE_INDENT = '  ';
const DESTINATION_INDENT = '      ';

const QUOTE = { optional: [{ value: 'quote', as: 'word' }] } as const;

const SERVICE_NAME: LinePattern<ServiceLineValue> = [
  QUOTE,
  {
    either: [
      [
        { value: 'protocol', options: { tcp: 'tcp:', udp: 'udp:', sctp: 'sctp:' } },
        { value: 'service', as: 'endpoint' },
      ],
      [
        { value: 'ipv6', options: { 1: 'fwmark6:' } },
        { value: 'fwmark', as: 'number' },
      ],
      ['fwmark:', { value: 'fwmark', as: 'number' }],
    ],
  },
  QUOTE,
];

const PERSISTENCE: LinePattern<ServiceLineValue> = [
  '    persistence: { timeout: ',
  { value: 'timeout', as: 'number' },
  { optional: [', netmask: ', { value: 'netmask', as: 'word' }] },
  { optional: [', engine: ', { value: 'engine', as: 'word' }] },
  ' }\n',
];

/** What follows the name of a service. */
const SERVICE_SETTINGS: LinePattern<ServiceLineValue> = [
  ':\n    scheduler: ',
  { value: 'scheduler', as: 'word' },
  '\n',
  { optional: ['    flags: [', { value: 'flags', as: 'word' }, ']\n'] },
  { optional: ['    onePacket: ', { value: 'onePacket', options: { 1: 'true\n' } }] },
  { optional: [UNUSUAL, { value: 'otherFlags', as: 'number' }] },
  {
    either: [
      PERSISTENCE,
      [UNUSUAL, { value: 'storedNetmask', as: 'word' }],
      [UNUSUAL, { value: 'engine', as: 'word' }],
      [],
    ],
  },
  '    destinations:\n',
];

const TUNNEL: LinePattern<DestinationLineValue> = [
  {
    either: [
      [
        ', tunnel: { type: gue, port: ',
        { value: 'gue', as: 'number' },
        { optional: [', checksum: ', { value: 'encoded', options: { csum: 'csum', remcsum: 'remcsum' } }] },
        ' }',
      ],
      [UNUSUAL, { value: 'otherPort', as: 'number' }],
      [
        ', tunnel: { type: gre',
        { value: 'gre', options: { 1: '' } },
        { optional: [', checksum: ', { value: 'encoded', options: { csum: 'csum', remcsum: UNUSUAL } }] },
        ' }',
      ],
      [UNUSUAL, { value: 'encoded', options: { csum: 'csum', remcsum: 'remcsum' } }],
      [],
    ],
  },
];

/** What follows the name of a destination. */
const DESTINATION_SETTINGS: LinePattern<DestinationLineValue> = [
  ': { forwarding: ',
  { value: 'forwarding', options: { masq: 'masq', route: 'route', tunnel: 'tunnel', local: 'local' } },
  ', weight: ',
  { value: 'weight', as: 'number' },
  { optional: [', upperThreshold: ', { value: 'upperLimit', as: 'number' }] },
  { optional: [', lowerThreshold: ', { value: 'lowerLimit', as: 'number' }] },
  ...TUNNEL,
  ' }\n',
];

/** The lines of a service with destinations, and the line of a destination. */
export const DOCUMENT_LINES: {
  readonly service: LinePattern<ServiceLineValue>;
  readonly destination: LinePattern<DestinationLineValue>;
} = {
  service: [SERVICE_INDENT, ...SERVICE_NAME, ...SERVICE_SETTINGS],
  destination: [
    DESTINATION_INDENT,
    QUOTE,
    { value: 'destination', as: 'endpoint' },
    QUOTE,
    ...DESTINATION_SETTINGS,
  ],
};

/** The text after the name of a service with these settings. */
export function serviceSettingsText(settings: ServiceSettings, family: Family): string {
  const { scheduler, flags, onePacket, persistence, otherFlags } = settings;
  const { timeout = 0, netmask, engine } = persistence ?? {};
  const isPersistent = timeout > 0;
  const isWhole = netmask === netmaskFromWire(family, defaultNetmask(family));
  return lineText(SERVICE_SETTINGS, {
    scheduler,
    flags: flags.length > 0 ? flags.join(', ') : undefined,
    onePacket: onePacket ? 1 : undefined,
    otherFlags,
    timeout: isPersistent ? timeout : undefined,
    netmask: isPersistent && !isWhole ? netmask : undefined,
    storedNetmask: !isPersistent && !isWhole ? netmask : undefined,
    engine,
  });
}

/**
 * The text after the name of a destination with these settings; undefined for a forwarding method that no document can
 * express.
 */
export function destinationSettingsText(settings: DestinationSettings): string | undefined {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = settings;
  if (!['masq', 'route', 'tunnel', 'local'].includes(forwarding)) return undefined;
  const { type, port = 0, checksum } = tunnel ?? {};
  return lineText(DESTINATION_SETTINGS, {
    forwarding,
    weight,
    upperLimit: upperThreshold > 0 ? upperThreshold : undefined,
    lowerLimit: lowerThreshold > 0 ? lowerThreshold : undefined,
    gue: type === 'gue' ? port : undefined,
    gre: type === 'gre' ? 1 : undefined,
    otherPort: port > 0 ? port : undefined,
    encoded: checksum === 'none' ? undefined : checksum,
  });
}

/** A line, split after the name. */
export interface NamedLine {
  readonly name: string;
  readonly settings: string;
}

/** The name of a service in its lines, and its settings. */
export function serviceOf(lines: string): NamedLine {
  return split(lines, ':\n', SERVICE_INDENT.length);
}

/** The name of a destination in its line, and its settings. */
export function destinationOf(line: string): NamedLine {
  return split(line, ': {', DESTINATION_INDENT.length);
}

/** IPv6 names are quoted. */
function split(line: string, behind: string, indent: number): NamedLine {
  const end = line.indexOf(behind);
  const quoted = line.startsWith('"', indent) ? 1 : 0;
  return { name: line.slice(indent + quoted, end - quoted), settings: line.slice(end) };
}
