import type { Cleanup } from './cleanup.js';
import { Namespace } from './namespace.js';

/** One host: the addresses (with prefix length) of each of its interfaces, and its default routes. */
export interface HostPlan {
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
  readonly gateways?: readonly string[];
}

/** Hosts, and the networks that join them: each network lists its members as `host/interface`. */
export interface TopologyPlan<Host extends string> {
  readonly hosts: Readonly<Record<Host, HostPlan>>;
  readonly networks: Readonly<Record<string, readonly `${Host}/${string}`[]>>;
}

/** A namespace for each host of a plan. */
export type Topology<Host extends string> = Readonly<Record<Host, Namespace>>;

/** Build a plan. Each network is a bridge in a namespace of its own (`net-NAME`), so hosts see nothing but their wires. */
export async function buildTopology<Host extends string>(
  plan: TopologyPlan<Host>,
  cleanup: Cleanup,
): Promise<Topology<Host>> {
  const hosts = new Map<string, Namespace>();
  for (const name of Object.keys(plan.hosts)) hosts.set(name, await ownNamespace(name, cleanup));
  for (const [name, members] of Object.entries(plan.networks)) {
    await wire(await ownNamespace(`net-${name}`, cleanup), members, hosts);
  }
  for (const [name, host] of Object.entries<HostPlan>(plan.hosts)) {
    await hosts.get(name)?.ip(...addressing(host));
  }
  return Object.fromEntries(hosts) as Topology<Host>;
}

async function ownNamespace(name: string, cleanup: Cleanup): Promise<Namespace> {
  const namespace = await Namespace.create(name);
  cleanup.add(`namespace ${name}`, () => namespace.delete());
  return namespace;
}

async function wire(
  bridge: Namespace,
  members: readonly string[],
  hosts: Map<string, Namespace>,
): Promise<void> {
  const lines = ['link add bridge type bridge', 'link set bridge up'];
  members.forEach((member, index) => {
    const [host = '', device = ''] = member.split('/');
    if (!hosts.has(host)) throw new Error(`network member ${member}: the plan has no host ${host}`);
    const port = `port${String(index)}`;
    // Born inside the namespaces: where udev runs, pairs born outside get their MAC address from their name, and
    // equal names would put equal addresses on one bridge.
    lines.push(
      `link add ${port} type veth peer name ${device} netns ${host}`,
      `link set ${port} master bridge up`,
    );
  });
  await bridge.ip(...lines);
}

function addressing(host: HostPlan): string[] {
  const lines: string[] = [];
  for (const [device, addresses] of Object.entries(host.interfaces)) {
    for (const address of addresses) {
      // Duplicate address detection would keep an IPv6 address unusable for seconds.
      lines.push(`address add ${address} dev ${device}${address.includes(':') ? ' nodad' : ''}`);
    }
    lines.push(`link set ${device} up`);
  }
  for (const gateway of host.gateways ?? []) lines.push(`route add default via ${gateway}`);
  return lines;
}
