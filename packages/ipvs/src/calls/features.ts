import type { Call, Message } from './call.js';
import type { Calls } from './calls.js';
import { IpvsError } from '../errors.js';
import type { FwmarkServiceKey, ServiceName } from '../model/key.js';
import { perform, type Procedure } from './procedure.js';
import { SCHEDULERS } from '../model/service-flags.js';

/** The features of the kernel; `undefined` if its replies so far do not show it. */
export interface Features {
  /** Counters of 64 bits (Linux 4.1). */
  readonly stats64: boolean | undefined;
  /** Destinations of the other address family, through tunnels (Linux 3.18). */
  readonly mixedFamilies: boolean | undefined;
  /** Tunnels of other types than ipip (Linux 5.2). */
  readonly tunnelTypes: boolean | undefined;
  /** Checksum flags of tunnels (Linux 5.3). */
  readonly tunnelChecksums: boolean | undefined;
  /** Group, port, ttl and maxLength of sync daemons (Linux 4.3). */
  readonly daemonOptions: boolean | undefined;
  /** Services by IPv6 address. */
  readonly ipv6: boolean | undefined;
  /** By name. Only a probe finds them, since it loads their modules. */
  readonly schedulers: Readonly<Record<string, boolean>> | undefined;
}

/** How to look for features. */
export interface FeatureOptions {
  /** Whether to add a service by an unused firewall mark for a moment, and to try every scheduler. */
  readonly probe?: boolean | undefined;
}

/** What the replies of one kind contained. */
interface Seen {
  readonly stats64: boolean;
  readonly family: boolean;
  readonly tunnelType: boolean;
  readonly tunnelFlags: boolean;
}

/**
 * Decides by the contents of replies, never by the version of the kernel. Without `probe` it only reads the existing
 * services, destinations and daemons. With `probe` it adds a service by an unused firewall mark for a moment.
 */
export function* features(calls: Calls, probe: boolean): Procedure<Features> {
  const services = yield* perform(calls.services());
  const daemons = yield* perform(calls.daemons());
  const own = probe ? yield* unusedMark(calls) : undefined;
  try {
    if (own !== undefined) {
      yield* perform(calls.addService(own, { scheduler: 'none' }));
      yield* perform(calls.addDestination(own, '127.0.0.1:0', { forwarding: 'masq', weight: 0 }));
    }
    const seen = own === undefined ? yield* firstSeen(calls, services) : yield* destinationSeen(calls, own);
    const daemonOptions = daemons[0] === undefined ? undefined : daemons[0].maxLength > 0;
    const ipv6Seen = services.some(({ family }) => family === 'ipv6') || undefined;
    return {
      stats64: seen?.stats64,
      mixedFamilies: seen?.family,
      tunnelTypes: seen?.tunnelType,
      tunnelChecksums: seen?.tunnelFlags,
      // Attributes have only ever been added: a kernel with the tunnel types of 5.2 has the daemon options of 4.3.
      daemonOptions: daemonOptions ?? (seen?.tunnelType === true || undefined),
      ipv6: own === undefined ? ipv6Seen : yield* hasIPv6(calls),
      schedulers: own === undefined ? undefined : yield* schedulers(calls, own),
    };
  } finally {
    if (own !== undefined) yield* attempt(calls.deleteService(own));
  }
}

/** The highest mark that no service uses. */
function* unusedMark(calls: Calls): Procedure<FwmarkServiceKey> {
  for (let fwmark = 0xffff_ffff; ; fwmark--) {
    const key = { fwmark, family: 'ipv4' } as const;
    if ((yield* attempt(calls.service(key))) === 'ERR_IPVS_SERVICE_NOT_FOUND') return key;
  }
}

function* firstSeen(calls: Calls, services: readonly ServiceName[]): Procedure<Seen | undefined> {
  for (const service of services) {
    const seen = yield* destinationSeen(calls, service);
    if (seen !== undefined) return seen;
  }
  return undefined;
}

function* destinationSeen(calls: Calls, service: ServiceName): Procedure<Seen | undefined> {
  const { verb, family, operation, values, words } = calls.destinations(service);
  const call: Call<Seen[]> = {
    verb,
    family,
    operation,
    values,
    words,
    read: (message: Message): Seen => {
      const destination = message.need('destination');
      return {
        stats64: destination.stats64 !== undefined,
        family: destination.family !== undefined,
        tunnelType: destination.tunnelType !== undefined,
        tunnelFlags: destination.tunnelFlags !== undefined,
      };
    },
  };
  return (yield* perform(call))[0];
}

/** The kernel answers EAFNOSUPPORT before it looks for the service. */
function* hasIPv6(calls: Calls): Procedure<boolean> {
  return (yield* attempt(calls.service('fwmark6:4294967295'))) !== 'ERR_IPVS_FAMILY_UNSUPPORTED';
}

function* schedulers(calls: Calls, own: ServiceName): Procedure<Record<string, boolean>> {
  const found: Record<string, boolean> = {};
  for (const scheduler of SCHEDULERS)
    found[scheduler] = (yield* attempt(calls.setService(own, { scheduler }))) === undefined;
  return found;
}

/** Returns the code of the IpvsError with which a call fails; undefined if it succeeds. */
export function* attempt(call: Call): Procedure<string | undefined> {
  try {
    yield* perform(call);
    return undefined;
  } catch (error) {
    if (IpvsError.is(error) && error.cause !== undefined && error.code !== 'ERR_IPVS_NETLINK')
      return error.code;
    throw error;
  }
}
