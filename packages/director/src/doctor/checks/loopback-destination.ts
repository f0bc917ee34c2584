import { isIPv6 } from 'node:net';
import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { destinationSettings, serviceOptions } from '../facts/fix-commands.js';
import { linkByIndex, paths } from '../facts/paths.js';
import { isHolder, isLocalOnly, isLoopback } from '../facts/roles.js';
import { command } from '../facts/shell.js';

/** Destinations on the loopback interface have clients on this host only. */
export const loopbackDestination: Check = {
  id: 'loopback-destination',
  title: 'No NAT destination of other hosts’ clients has an address of the loopback',
  severity: 'error',
  why: 'The kernel lets no packet of another host through to 127.0.0.0/8 or ::1. A real server on the director itself needs another address of it, or direct routing.',
  symptom: 'Timeout, for the connections of this destination. The director lists them in state SYN_RECV.',
  *examine(facts) {
    for (const { service, destination } of paths(facts, 'masq')) {
      if (!isLoopback(destination.address) || destination.weight === 0 || isLocalOnly(facts, service))
        continue;
      const own = ownAddressOf(facts, destination.family);
      const options = serviceOptions(service);
      const key = own && `${isIPv6(own) ? `[${own}]` : own}:${destination.port}`;
      yield {
        service: service.key,
        destination: destination.key,
        found: `${destination.key} is an address of the loopback, and is reached by NAT`,
        fix:
          key === undefined
            ? []
            : [
                command`ipvs-ts -a ${options} ${destinationSettings({ ...destination, key })} -w ${destination.weight}`,
                command`ipvs-ts -d ${options} -r ${destination.key}`,
              ],
        advice: 'Its program has to listen on that address. Clients on this host are served either way.',
      };
    }
  },
};

/** An address of this host on one of its networks. */
function ownAddressOf(facts: Facts, family: string): string | undefined {
  const virtual = new Set(
    facts.table.map(({ service }) => (service.fwmark === undefined ? service.address : '')),
  );
  return facts.addresses.find((own) => {
    const link = linkByIndex(facts, own.link);
    if (own.family !== family || link === undefined || isHolder(link)) return false;
    return !virtual.has(own.address) && !own.address.startsWith('fe80:');
  })?.address;
}
