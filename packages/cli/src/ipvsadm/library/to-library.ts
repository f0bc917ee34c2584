/** Converts a request's service and real server to arguments of the library. */
import type { DestinationKey, DestinationOptions, ServiceKey, ServiceOptions } from '@ipvs-ts/ipvs';
import { DEFAULT_SCHEDULER, type RequestedServer, type RequestedService } from '../request/request.js';

/** The key of the service. */
export function serviceKey({ fwmark, family, protocol, address, port }: RequestedService): ServiceKey {
  if (fwmark !== 0) return { fwmark, family };
  return { protocol: protocol ?? 'tcp', address, port };
}

/** Whether the service means all services for `-Z`: it has no mark, no address and no port. */
export function isUnspecified({ fwmark, address, port }: RequestedService): boolean {
  return fwmark === 0 && port === 0 && /^[0.:]+$/.test(address);
}

/** The options of the service. A mask or an engine without persistence is also sent and stored. */
export function serviceOptions(service: RequestedService): ServiceOptions {
  const { flags, onePacket, persistence, netmask, engine } = service;
  const scheduler = service.scheduler || DEFAULT_SCHEDULER;
  const persistent = persistence !== undefined || netmask !== undefined || engine !== '';
  if (!persistent) return { scheduler, flags, onePacket };
  return {
    scheduler,
    flags,
    onePacket,
    persistence: {
      timeout: persistence ?? 0,
      ...(netmask !== undefined && { netmask }),
      ...(engine !== '' && { engine }),
    },
  };
}

/**
 * The key of the real server. `forced`: with tunnels and direct routing it has the port of the service, whatever the
 * arguments say, except for a mark, which has no port.
 */
export function serverKey(
  service: RequestedService,
  server: RequestedServer,
  forced: boolean,
): DestinationKey {
  const { address, port, forwarding } = server;
  const ownPort = !forced || forwarding === 'masq' || service.fwmark !== 0;
  return { address, port: ownPort ? port : service.port };
}

/** The options of the real server. */
export function serverOptions(server: RequestedServer): DestinationOptions {
  const { forwarding, weight, upperThreshold, lowerThreshold } = server;
  const options = { forwarding, weight, upperThreshold, lowerThreshold };
  if (forwarding !== 'tunnel') return options;
  const { tunnelType: type, tunnelPort: port, tunnelChecksum: checksum } = server;
  return { ...options, tunnel: { type, port, checksum } };
}
