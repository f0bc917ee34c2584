import type { Host } from '../host.js';
import type { Facts, Probed } from './facts/facts.js';
import type { Link } from '../rtnetlink/link.js';
import { contains } from '../rtnetlink/prefix.js';
import { ownAddress, paths } from './facts/paths.js';
import { isOwn, wireOf } from './facts/roles.js';

/** Runs all active probes concurrently. Those that cannot run are added to `unseen`. */
export async function runProbes(
  facts: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<Probed> {
  const tcp = facts.table.filter(({ service }) => service.protocol === 'tcp' && service.port !== 0);
  const others = facts.table.length - tcp.length;
  if (others > 0)
    unseen.push(`probes of ${others} services: only TCP services by address and port can be probed`);
  const [destinations, services, taken, syncIds] = await Promise.all([
    probeDestinations(facts, probes),
    probeServices(facts, probes, unseen),
    probeTaken(facts, probes, unseen),
    probeSync(facts, probes, unseen),
  ]);
  return { destinations, services, taken, syncIds };
}

async function probeDestinations(
  facts: Facts,
  probes: NonNullable<Host['probes']>,
): Promise<Probed['destinations']> {
  const results = new Map<string, Map<string, Awaited<ReturnType<typeof probes.connect>>>>();
  await Promise.all(
    [...paths(facts)].map(async ({ service, destination }) => {
      if (service.protocol !== 'tcp' || destination.port === 0 || destination.weight === 0) return;
      const result = await probes.connect(destination.address, destination.port);
      const own = results.get(service.key) ?? new Map<string, typeof result>();
      results.set(service.key, own.set(destination.key, result));
    }),
  );
  return results;
}

/**
 * Probes services through their virtual addresses; not with direct routing and tunnels, where the answer would come
 * from an address of this host.
 */
async function probeServices(
  facts: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<Probed['services']> {
  const results = new Map<string, Awaited<ReturnType<typeof probes.connect>>>();
  await Promise.all(
    facts.table.map(async ({ service, destinations }) => {
      if (service.protocol !== 'tcp' || service.port === 0) return;
      if (!isOwn(facts, service.address)) {
        unseen.push(`a connection to ${service.key} from here: another host has the address at present`);
        return;
      }
      if (destinations.some(({ forwarding }) => forwarding !== 'masq')) {
        unseen.push(
          `a connection to ${service.key} from the director: only possible where all destinations are reached by NAT`,
        );
        return;
      }
      results.set(service.key, await probes.connect(service.address, service.port));
    }),
  );
  return results;
}

async function probeTaken(
  facts: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<string[]> {
  const addresses = new Set(
    facts.table.flatMap(({ service }) =>
      service.fwmark === undefined && service.family === 'ipv4' ? [service.address] : [],
    ),
  );
  const taken = await Promise.all(
    [...addresses].map(async (address) => {
      const link = wireTo(facts, address);
      if (link?.up !== true) return undefined;
      const answer = await probes.taken(link.name, address);
      if (answer === undefined)
        unseen.push(`who answers ARP for ${address}: arping is not installed, or may not be used`);
      return answer === true ? address : undefined;
    }),
  );
  return taken.filter((address) => address !== undefined);
}

/** The interface on which to ask for an address: its own, or that of its network. */
function wireTo(facts: Facts, address: string): Link | undefined {
  const own = wireOf(facts, ownAddress(facts, address)?.link);
  if (own !== undefined) return own;
  const near = facts.addresses.find(
    (each) => contains(each.address, each.prefixLength, address) && wireOf(facts, each.link) !== undefined,
  );
  return wireOf(facts, near?.link);
}

async function probeSync(
  { daemons }: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<readonly number[] | undefined> {
  const backup = daemons.find(({ state }) => state === 'backup');
  if (backup === undefined) return undefined;
  try {
    const heard = await probes.syncIds(backup);
    if (heard.length === 0)
      unseen.push(
        `whether sync messages of id ${backup.syncId} come in on ${backup.interface}: none came in a few seconds, and a master sends them only while clients connect`,
      );
    return heard;
  } catch (error) {
    unseen.push(
      `sync messages on ${backup.interface}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
