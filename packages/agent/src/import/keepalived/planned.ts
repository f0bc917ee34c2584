import { destinationKeyText, type Family, parseAddress } from '@ipvs-ts/ipvs';
import type { Remarks } from '../remarks.js';
import type { Forwarding } from './forwarding.js';
import type { RealServer } from './server.js';
import type { Target, VirtualServer } from './virtual-server.js';

/** A destination of a service before its port is known. */
export interface Planned {
  readonly server: RealServer;
  readonly forwarding: Forwarding;
  readonly weight: number;
}

/** The real servers that keepalived accepts: each once, and of the family of the service unless tunnelled. */
export function plannedServers(virtual: VirtualServer, remarks: Remarks): readonly Planned[] {
  const seen = new Set<string>();
  return virtual.servers.flatMap((server) => {
    const planned = {
      server,
      forwarding: forwardingOf(server, virtual),
      weight: server.weight ?? virtual.weight ?? 1,
    };
    const why = whyNot(planned, virtual.target, seen);
    if (why === undefined) return [planned];
    remarks.leaveOut(server.node, why);
    return [];
  });
}

/** How packets reach a server: by default as its virtual server says; keepalived's default is NAT. */
export function forwardingOf(
  server: { readonly forwarding?: Forwarding },
  virtual: { readonly forwarding?: Forwarding },
): Forwarding {
  return server.forwarding ?? virtual.forwarding ?? { forwarding: 'masq' };
}

function whyNot({ server, forwarding }: Planned, target: Target, seen: Set<string>): string | undefined {
  const isTunnel = forwarding.forwarding === 'tunnel';
  if (target.kind === 'address' && !isTunnel && familyOf(server.address) !== familyOf(target.address))
    return 'it is of another address family than the virtual server; keepalived ignores it too';
  const port = target.kind === 'address' ? portInTable(server, forwarding, target, target.port) : server.port;
  const name = destinationKeyText({ address: server.address, port });
  if (seen.has(name)) return 'it is there already; keepalived ignores it too';
  seen.add(name);
  const { upperThreshold = 0, lowerThreshold = 0 } = server;
  return lowerThreshold > upperThreshold
    ? `lthreshold ${lowerThreshold} is above uthreshold ${upperThreshold}, so the kernel refuses the server`
    : undefined;
}

/**
 * The port of a server in the table: only masquerading changes the port of packets. `virtualPort`: undefined for marks.
 * With port 0, packets keep their port.
 */
export function portInTable(
  server: { readonly port: number },
  { forwarding }: Forwarding,
  target: Target,
  virtualPort: number | undefined,
): number {
  if (forwarding !== 'masq') return virtualPort ?? 0;
  return server.port === 0 && target.kind === 'address' ? (virtualPort ?? 0) : server.port;
}

/** The family of an address. */
export function familyOf(address: string): Family {
  return parseAddress(address)?.family ?? 'ipv4';
}
