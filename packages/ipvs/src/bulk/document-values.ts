/**
 * The values in lines of a document that listings do not have: their places in the kernel's messages and in records.
 */
import type { LineCondition, RecordValue } from '@ipvs-ts/netlink/bulk';
import type { DestinationLineValue, ServiceLineValue } from '../format/document-lines.js';
import type { Family } from '../model/address.js';
import { FORWARDING } from '../model/forwarding.js';
import { defaultNetmask } from '../model/persistence.js';
import { SERVICE_FLAG } from '../model/service-flags.js';
import { CHECKSUMS, TUNNEL_TYPES } from '../model/tunnel.js';
import {
  DESTINATION_WORDS,
  destinationValues,
  formFamily,
  type ListedDestinationValue,
  type ListedServiceValue,
  type ListedValue,
  type ListedValues,
  SERVICE_WORDS,
  type ServiceForm,
  serviceValues,
} from './listed-values.js';

/** The values that a line can have of a service, and of a destination. */
export type ServiceValue = ListedServiceValue | ServiceLineValue;
export type DestinationValue = ListedDestinationValue | DestinationLineValue;

const NAMED_FLAGS = Object.values(SERVICE_FLAG).reduce((bits, bit) => bits | bit, 0);

/** The values of services of a form. */
export function serviceLineValues(form: ServiceForm): ListedValues<ServiceValue> {
  const family = formFamily(form);
  const values: ListedValues<ServiceValue> = serviceValues(form);
  const { netmask } = values;
  return {
    ...values,
    ...(form === 'ipv6' && { quote: '"' }),
    otherFlags: {
      ...{ word: SERVICE_WORDS.otherFlags, as: 'number' },
      when: [{ word: SERVICE_WORDS.otherFlags, not: 0 }],
      read: [{ attribute: 'flags', word: SERVICE_WORDS.otherFlags, as: 'u32', mask: ~NAMED_FLAGS >>> 0 }],
    },
    storedNetmask: {
      ...(netmask as ListedValue),
      when: [{ word: SERVICE_WORDS.netmask, not: defaultNetmask(family) }],
    },
  };
}

/** The values of destinations of a family. */
export function destinationLineValues(family: Family): ListedValues<DestinationValue> {
  const { upperThreshold, lowerThreshold, forwarding, tunnelType, tunnelPort, checksum } = DESTINATION_WORDS;
  const values: ListedValues<DestinationValue> = destinationValues(family);
  const read = (name: keyof typeof values): readonly RecordValue[] => (values[name] as ListedValue).read;
  const isTunnel: LineCondition = { word: forwarding, among: [FORWARDING.indexOf('tunnel')] };
  const isOfType = (type: (typeof TUNNEL_TYPES)[number]): LineCondition[] => [
    isTunnel,
    { word: tunnelType, among: [TUNNEL_TYPES.indexOf(type)] },
  ];
  const number = (word: number, name: keyof typeof values, when: readonly LineCondition[]): ListedValue => ({
    ...{ word, as: 'number', when, read: read(name) },
  });
  return {
    ...values,
    ...(family === 'ipv6' && { quote: '"' }),
    upperLimit: number(upperThreshold, 'upperThreshold', [{ word: upperThreshold, not: 0 }]),
    lowerLimit: number(lowerThreshold, 'lowerThreshold', [{ word: lowerThreshold, not: 0 }]),
    gue: number(tunnelPort, 'tunnelPort', isOfType('gue')),
    otherPort: number(tunnelPort, 'tunnelPort', [isTunnel, { word: tunnelPort, not: 0 }]),
    gre: {
      ...{ word: tunnelType, as: new Map([[TUNNEL_TYPES.indexOf('gre'), '1']]) },
      ...{ when: isOfType('gre'), read: read('tunnelType') },
    },
    encoded: {
      ...{ word: checksum, as: new Map(CHECKSUMS.entries()), read: read('checksum') },
      when: [isTunnel, { word: checksum, not: 0 }],
    },
  };
}
