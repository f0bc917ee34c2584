/**
 * The values in lines of a document that listings do not have: their places in the kernel's messages and in records.
 */
import type { LineCondition } from '@ipvs-ts/netlink/bulk';
import type { DestinationLineValue, ServiceLineValue } from '../format/document-lines.js';
import type { Family } from '../model/address.js';
import { FORWARDING } from '../model/forwarding.js';
import { defaultNetmask } from '../model/persistence.js';
import { SERVICE_FLAG } from '../model/service-flags.js';
import { TUNNEL_TYPES } from '../model/tunnel.js';
import {
  DESTINATION_WORDS,
  destinationValue,
  formFamily,
  type ListedDestinationValue,
  type ListedServiceValue,
  type ListedValue,
  type ListedValues,
  SERVICE_WORDS,
  type ServiceForm,
  serviceValue,
} from './listed-values.js';

/** The values that a line can have of a service, and of a destination. */
export type ServiceValue = ListedServiceValue | ServiceLineValue;
export type DestinationValue = ListedDestinationValue | DestinationLineValue;

const NAMED_FLAGS = Object.values(SERVICE_FLAG).reduce((bits, bit) => bits | bit, 0);

/** The values of services of a form. */
export function serviceLineValues(form: ServiceForm): ListedValues<ServiceValue> {
  const { otherFlags, netmask } = SERVICE_WORDS;
  return (name) => {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- counters and all others are alike
    switch (name) {
      case 'quote':
        return form === 'ipv6' ? '"' : undefined;
      case 'otherFlags':
        return {
          ...{ word: otherFlags, as: 'number', when: [{ word: otherFlags, not: 0 }] },
          read: [{ attribute: 'flags', word: otherFlags, as: 'u32', mask: ~NAMED_FLAGS >>> 0 }],
        };
      case 'storedNetmask':
        return {
          ...(serviceValue(form, 'netmask') as ListedValue),
          when: [{ word: netmask, not: defaultNetmask(formFamily(form)) }],
        };
      default:
        return serviceValue(form, name);
    }
  };
}

/** The values of destinations of a family. */
export function destinationLineValues(family: Family): ListedValues<DestinationValue> {
  const { upperThreshold, lowerThreshold, forwarding, tunnelType, tunnelPort, checksum } = DESTINATION_WORDS;
  const isTunnel: LineCondition = { word: forwarding, among: [FORWARDING.indexOf('tunnel')] };
  const isOfType = (type: (typeof TUNNEL_TYPES)[number]): LineCondition[] => [
    isTunnel,
    { word: tunnelType, among: [TUNNEL_TYPES.indexOf(type)] },
  ];
  const own = (
    name: Parameters<typeof destinationValue>[1],
    when: readonly LineCondition[],
  ): ListedValue => ({
    ...destinationValue(family, name),
    when,
  });
  return (name) => {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- counters and all others are alike
    switch (name) {
      case 'quote':
        return family === 'ipv6' ? '"' : undefined;
      case 'upperLimit':
        return own('upperThreshold', [{ word: upperThreshold, not: 0 }]);
      case 'lowerLimit':
        return own('lowerThreshold', [{ word: lowerThreshold, not: 0 }]);
      case 'gue':
        return own('tunnelPort', isOfType('gue'));
      case 'otherPort':
        return own('tunnelPort', [isTunnel, { word: tunnelPort, not: 0 }]);
      case 'gre':
        return { ...own('tunnelType', isOfType('gre')), as: new Map([[TUNNEL_TYPES.indexOf('gre'), '1']]) };
      case 'encoded':
        return own('checksum', [isTunnel, { word: checksum, not: 0 }]);
      case 'protocol':
      case 'service':
      case 'fwmark':
      case 'ipv6':
        // Of the service, which is in front of these.
        return undefined;
      default:
        return destinationValue(family, name);
    }
  };
}
