/** A service as listings name and describe it. */
import type { Service, Uncounted } from '@ipvs-ts/ipvs';
import { PROTOCOLS, SCHEDULER_FLAG_TABLE, SERVICE_FLAG } from '@ipvs-ts/ipvs/verbs-sync';
import { endpointText, type NameLookup } from '../language/names.js';

/** No more of an IPv4 service's first columns is shown. */
const NAME_WIDTH = 33;
const ALL_FLAGS = SERVICE_FLAG.scheduler1 | SERVICE_FLAG.scheduler2 | SERVICE_FLAG.scheduler3;

/** A service's first columns: protocol and address, or its firewall mark. */
export function serviceName(service: Uncounted<Service>, names: NameLookup | undefined): string {
  if (service.fwmark !== undefined)
    return service.family === 'ipv6' ? `FWM  ${service.fwmark} IPv6` : `FWM  ${service.fwmark}`;
  const endpoint = endpointText(service, service.protocol, names);
  const name = `${protocolText(service.protocol).padEnd(4)} ${endpoint}`;
  return service.family === 'ipv6' ? name : name.slice(0, NAME_WIDTH);
}

function protocolText(protocol: string): string {
  return Object.hasOwn(PROTOCOLS, protocol) ? protocol.toUpperCase() : '?';
}

/** Scheduler, flags and persistence, as they follow a service's name. */
export function serviceDescription(service: Uncounted<Service>): string {
  const words = [service.scheduler];
  if ((service.rawFlags & ALL_FLAGS) !== 0) words.push(`(${schedulerFlags(service)})`);
  if (service.persistence && isPersistent(service)) {
    words.push(`persistent ${service.persistence.timeout}`);
    const mask = netmaskText(service);
    if (mask !== undefined) words.push(`mask ${mask}`);
    if (service.persistence.engine) words.push(`pe ${service.persistence.engine}`);
  }
  if (service.onePacket) words.push('ops');
  return words.join(' ');
}

/** Whether connections persist; a service that is not persistent may still have a netmask and an engine stored. */
export function isPersistent({ rawFlags }: Pick<Service, 'rawFlags'>): boolean {
  return (rawFlags & SERVICE_FLAG.persistent) !== 0;
}

/** Whether any scheduler flag is set, named or not. */
export function hasSchedulerFlags(service: Uncounted<Service>): boolean {
  return (service.rawFlags & ALL_FLAGS) !== 0;
}

/** The comma list of scheduler flags; the third has no name with the schedulers that name the others. */
export function schedulerFlags({ scheduler, rawFlags }: Pick<Service, 'scheduler' | 'rawFlags'>): string {
  const named = SCHEDULER_FLAG_TABLE.filter((flag) => flag.scheduler === scheduler);
  const flags =
    named.length > 0 ? named : SCHEDULER_FLAG_TABLE.filter((flag) => flag.scheduler === undefined);
  return flags
    .filter(({ bit }) => (rawFlags & bit) !== 0)
    .map(({ name }) => name)
    .join(',');
}

/** A persistent service's mask, when it is not the whole address. */
export function netmaskText({
  family,
  persistence,
}: Pick<Service, 'family' | 'persistence'>): string | undefined {
  const mask = persistence?.netmask;
  const whole: readonly (string | number)[] = family === 'ipv6' ? [128] : ['255.255.255.255', 32];
  return mask === undefined || whole.includes(mask) ? undefined : String(mask);
}
