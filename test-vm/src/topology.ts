import type { Cleanup } from './cleanup.js';
import { Namespace } from './namespace.js';

/** One host: the addresses (with prefix length) of each of its interfaces, and its default routes. */
export interface HostPlan {
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
  readonly gateways?: readonly string[];
  /** More `ip` commands, at the end. */
  readonly commands?: readonly string[];
}

/** Hosts, and the networks that join them: each network lists its members as `host/interface`. */
export interface TopologyPlan<Host extends string> {
  readonly hosts: Readonly<Record<Host, HostPlan>>;
  readonly networks: Readonly<Record<string, readonly `${Host}/${string}`[]>>;
}

/** A namespace for each host of a plan. */
export type Topology<Host extends string> = Readonly<Record<Host, Namespace>>;

/**
 * Build a plan. Each network is a bridge in its own namespace (`net-NAME`), so hosts see only their wires. `prefix`
 * precedes the names of all namespaces, so that several topologies can exist side by side.
 */
export async function buildTopology<Host extends string>(
  plan: TopologyPlan<Host>,
  cleanup: Cleanup,
  prefix = '',
): Promise<Topology<Host>> {
  const names = [...Object.keys(plan.hosts), ...Object.keys(plan.networks).map((name) => `net-${name}`)];
  const made = await Namespace.createAll(names.map((name) => prefix + name));
  cleanup.add(`namespaces ${made.map(({ name }) => name).join(', ')}`, () => Namespace.deleteAll(made));
  const namespaces = new Map(names.map((name, index) => [name, made[index] as Namespace]));
  await Promise.all(
    Object.entries(plan.networks).map(([name, members]) =>
      wire(namespaces.get(`net-${name}`) as Namespace, members, namespaces),
    ),
  );
  await Promise.all(
    Object.entries<HostPlan>(plan.hosts).map(([name, host]) =>
      (namespaces.get(name) as Namespace).ip(...addressing(host)),
    ),
  );
  return Object.fromEntries(
    Object.keys(plan.hosts).map((name) => [name, namespaces.get(name)]),
  ) as Topology<Host>;
}

async function wire(
  bridge: Namespace,
  members: readonly string[],
  hosts: Map<string, Namespace>,
): Promise<void> {
  const lines = ['link set lo up', 'link add bridge type bridge', 'link set bridge up'];
  members.forEach((member, index) => {
    const [host = '', device = ''] = member.split('/');
    const namespace = hosts.get(host);
    if (namespace === undefined) throw new Error(`network member ${member}: the plan has no host ${host}`);
    const port = `port${String(index)}`;
    // Create pairs inside the namespaces: outside, udev derives MAC addresses from names, and equal names would get
    // equal addresses on one bridge.
    lines.push(
      `link add ${port} type veth peer name ${device} netns ${namespace.name}`,
      `link set ${port} master bridge up`,
    );
  });
  await bridge.ip(...lines);
}

function addressing(host: HostPlan): string[] {
  const lines: string[] = ['link set lo up'];
  for (const [device, addresses] of Object.entries(host.interfaces)) {
    for (const address of addresses) {
      // Duplicate address detection would keep an IPv6 address unusable for seconds.
      lines.push(`address add ${address} dev ${device}${address.includes(':') ? ' nodad' : ''}`);
    }
    lines.push(`link set ${device} up`);
  }
  for (const gateway of host.gateways ?? []) lines.push(`route add default via ${gateway}`);
  lines.push(...(host.commands ?? []));
  return lines;
}
