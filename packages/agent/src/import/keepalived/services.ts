/** Services of a document from virtual servers. */
import { destinationKeyText, type Family, type ServiceKey, serviceKeyText } from '@ipvs-ts/ipvs';
import type { ImportedDestination, ImportedService, Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import { validChecks } from '../valid.js';
import { checksOf } from './check-of.js';
import type { Checker } from './checker.js';
import type { GroupEntry } from './group.js';
import { familyOf, type Planned, plannedServers, portInTable } from './planned.js';
import { healthOf } from './service-health.js';
import { innerTiming } from './timing.js';
import { persistenceOf, type VirtualServer } from './virtual-server.js';

/** The services of a virtual server by their names. `group`: the entries of its group, if there is one. */
export function servicesOf(
  virtual: VirtualServer,
  group: readonly GroupEntry[] | undefined,
  remarks: Remarks,
): ReadonlyMap<string, ImportedService> {
  const planned = plannedServers(virtual, remarks);
  const entries = entriesOf(virtual, group);
  const why = whyNone(virtual, planned, entries, group);
  if (why !== undefined) {
    remarks.leaveOut(virtual.node, `${why}, so keepalived ignores it`);
    return new Map();
  }
  const writer = new ServiceWriter(virtual, planned, entries, remarks);
  const services = new Map(entries.map((entry) => [writer.name(entry), writer.service(entry)]));
  writer.remarkUnused();
  return services;
}

function entriesOf(
  { target }: VirtualServer,
  group: readonly GroupEntry[] | undefined,
): readonly GroupEntry[] {
  if (target.kind === 'group') return group ?? [];
  if (target.kind === 'fwmark') return [{ ...target, family: undefined }];
  return [{ ...target, family: familyOf(target.address) }];
}

function whyNone(
  { target }: VirtualServer,
  planned: readonly Planned[],
  entries: readonly GroupEntry[],
  group: readonly GroupEntry[] | undefined,
): string | undefined {
  if (planned.length === 0) return 'it has no real servers';
  if (target.kind === 'group' && group === undefined) return 'there is no such group';
  if (entries.length === 0) return 'its group has no entries';
  const families = new Set(entries.map(({ family }) => family).filter((family) => family !== undefined));
  const wrong = planned.find(
    ({ server, forwarding }) =>
      forwarding.forwarding !== 'tunnel' &&
      families.size > 0 &&
      (families.size > 1 || !families.has(familyOf(server.address))),
  );
  return wrong === undefined
    ? undefined
    : `its addresses and ${wrong.server.address} are not of one family without tunnels`;
}

/** Writes the services of one virtual server. */
class ServiceWriter {
  readonly #virtual: VirtualServer;
  readonly #planned: readonly Planned[];
  readonly #settings: Plain;
  readonly #remarks: Remarks;
  /** Checkers that the document has a check for. */
  readonly #used = new Set<Checker>();

  constructor(
    virtual: VirtualServer,
    planned: readonly Planned[],
    entries: readonly GroupEntry[],
    remarks: Remarks,
  ) {
    this.#virtual = virtual;
    this.#planned = planned;
    this.#remarks = remarks;
    this.#settings = this.#makeSettings(entries);
  }

  name(entry: GroupEntry): string {
    const key: ServiceKey =
      entry.kind === 'fwmark'
        ? { fwmark: entry.fwmark, family: entry.family ?? this.#markFamily() }
        : { protocol: this.#virtual.protocol ?? 'udp', address: entry.address, port: entry.port };
    return serviceKeyText(key);
  }

  /** A remark for each checker without a check. */
  remarkUnused(): void {
    for (const { server } of this.#planned)
      for (const checker of server.checkers)
        if (!this.#used.has(checker)) this.#remarks.leaveOut(checker.node, 'the document has no such check');
  }

  /** The family of marks without one: that of the servers. */
  #markFamily(): Family {
    const untunnelled = this.#planned.find(({ forwarding }) => forwarding.forwarding !== 'tunnel');
    if (untunnelled !== undefined) return familyOf(untunnelled.server.address);
    if (this.#virtual.family !== undefined) return this.#virtual.family;
    const families = new Set(this.#planned.map(({ server }) => familyOf(server.address)));
    const [only = 'ipv4'] = families;
    return families.size === 1 ? only : 'ipv4';
  }

  service(entry: GroupEntry): ImportedService {
    const virtualPort = entry.kind === 'address' ? entry.port : undefined;
    const destinations = new Map<string, ImportedDestination>();
    for (const each of this.#planned) {
      const port = portInTable(each.server, each.forwarding, this.#virtual.target, virtualPort);
      const name = destinationKeyText({ address: each.server.address, port });
      if (!destinations.has(name)) destinations.set(name, this.#destination(each, port));
    }
    const health = healthOf(this.#virtual, this.#planned, virtualPort, this.#remarks);
    return { settings: this.#settings, health, destinations };
  }

  #makeSettings(entries: readonly GroupEntry[]): Plain {
    const { scheduler = 'wlc', flags, onePacket, netmask, engine, protocol } = this.#virtual;
    const timeout = persistenceOf(
      this.#virtual,
      entries.some((each) => each.kind === 'address' && each.port === 0),
    );
    const marksOnly = entries.every(({ kind }) => kind === 'fwmark');
    const canOnePacket = marksOnly || protocol === undefined || protocol === 'udp';
    if (onePacket !== undefined && !canOnePacket)
      this.#remarks.instead(onePacket, 'dropped', 'ops: it is for UDP only; keepalived ignores it too');
    this.#remarkDefaults(marksOnly);
    return {
      scheduler,
      ...(flags.length > 0 && { flags: [...new Set(flags)] }),
      ...(onePacket !== undefined && canOnePacket && { onePacket: true }),
      ...(timeout !== undefined && {
        persistence: {
          timeout,
          ...(netmask !== undefined && { netmask }),
          ...(engine !== undefined && { engine }),
        },
      }),
    };
  }

  #remarkDefaults(marksOnly: boolean): void {
    const { node, protocol, scheduler, forwarding } = this.#virtual;
    const missing = [
      ...(protocol === undefined && !marksOnly ? ['no protocol, so it is udp, as in keepalived'] : []),
      ...(scheduler === undefined ? ['no lvs_sched, so it is wlc'] : []),
      ...(forwarding === undefined ? ['no lvs_method, so it is NAT (masq)'] : []),
    ];
    this.#remarks.takenOver(node, [`${node.text}: a service`, ...missing].join('; '));
  }

  #destination({ server, forwarding, weight }: Planned, tablePort: number): ImportedDestination {
    const { upperThreshold = 0, lowerThreshold = 0 } = server;
    if (weight === 0 && server.checkers.length > 0 && (server.inhibit ?? this.#virtual.inhibit) !== true)
      this.#remarks.differs(
        server.node,
        `${server.node.text}: with weight 0 it stays in the table when it is down; keepalived removes it`,
      );
    const target = {
      address: server.address,
      port: server.port !== 0 ? server.port : tablePort,
      tablePort,
      weight,
      timing: innerTiming(this.#virtual.timing, server.timing),
      virtualhost: server.virtualhost ?? this.#virtual.virtualhost,
    };
    return {
      settings: {
        ...forwarding,
        weight,
        ...(upperThreshold > 0 && { upperThreshold }),
        ...(lowerThreshold > 0 && { lowerThreshold }),
      },
      checks: server.checkers.flatMap((checker) => {
        const made = validChecks(checksOf(checker, target, this.#remarks), (why) =>
          this.#remarks.dropped(checker.node, `${checker.node.text}: ${why}`),
        );
        if (made.length > 0) this.#used.add(checker);
        return made;
      }),
    };
  }
}
