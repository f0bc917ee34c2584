import fc from 'fast-check';
import {
  type Call,
  calls,
  type DesiredService,
  type DesiredState,
  type DestinationOptions,
  type ServiceOptions,
  type TableEntry,
} from '@ipvs-ts/ipvs';

/** Few names, so that two random states have much in common. */
const SERVICES = ['tcp:192.0.2.10:80', 'tcp:[2001:db8::10]:80', 'udp:192.0.2.10:53', 'fwmark:7', 'fwmark6:7'];
const SAME_FAMILY: Readonly<Record<string, readonly string[]>> = {
  ipv4: ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:8080'],
  ipv6: ['[2001:db8::1]:80', '[2001:db8::2]:80', '[2001:db8::3]:8080'],
};

const tunnel: fc.Arbitrary<DestinationOptions> = fc.constantFrom(
  { forwarding: 'tunnel' },
  { forwarding: 'tunnel', tunnel: { type: 'gue', port: 6080, checksum: 'csum' } },
  { forwarding: 'tunnel', tunnel: { type: 'gre' } },
);
const options: fc.Arbitrary<DestinationOptions> = fc
  .tuple(
    fc.oneof(
      tunnel,
      fc.constantFrom<DestinationOptions>({}, { forwarding: 'masq' }, { forwarding: 'local' }),
    ),
    fc.constantFrom({}, { weight: 0 }, { weight: 3 }),
    fc.constantFrom({}, { upperThreshold: 20 }, { upperThreshold: 20, lowerThreshold: 10 }),
  )
  .map(([forwarding, weight, thresholds]) => ({ ...forwarding, ...weight, ...thresholds }));

const scheduling: fc.Arbitrary<ServiceOptions> = fc.constantFrom<ServiceOptions>(
  {},
  { scheduler: 'rr' },
  { scheduler: 'wrr', flags: ['flag-1'] },
  { scheduler: 'sh', flags: ['sh-port', 'sh-fallback'] },
  { scheduler: 'sh', flags: ['flag-1', 'flag-2'] },
  { scheduler: 'mh', flags: ['mh-port'] },
);

function persistence(family: 'ipv4' | 'ipv6'): fc.Arbitrary<ServiceOptions> {
  return fc.constantFrom<ServiceOptions>(
    {},
    { persistence: { timeout: 300 } },
    { persistence: { timeout: 300, netmask: 24 } },
    { persistence: { timeout: 360, netmask: family === 'ipv4' ? '255.255.255.0' : 64 } },
    { persistence: { timeout: 0, netmask: 32 } },
  );
}

/** A random service of this name. */
export function service(name: string): fc.Arbitrary<DesiredService> {
  const family = /\[|fwmark6/.test(name) ? 'ipv6' : 'ipv4';
  const other = family === 'ipv4' ? '[2001:db8::9]:80' : '10.0.0.9:80';
  const optional = { requiredKeys: [] };
  const own = Object.fromEntries((SAME_FAMILY[family] ?? []).map((key) => [key, options]));
  return fc
    .record({
      scheduling,
      persistence: persistence(family),
      onePacket: /^(?:tcp|sctp)/.test(name) ? fc.constant({}) : fc.constantFrom({}, { onePacket: true }),
      destinations: fc.record({ ...own, [other]: tunnel }, optional),
    })
    .map((parts) => ({
      ...parts.scheduling,
      ...parts.persistence,
      ...parts.onePacket,
      destinations: parts.destinations as Record<string, DestinationOptions>,
    }));
}

/** A random state whose services and destinations are all named. */
export const states: fc.Arbitrary<DesiredState> = fc
  .record(Object.fromEntries(SERVICES.map((name) => [name, service(name)])), { requiredKeys: [] })
  .map((services) => ({ services: services as Record<string, DesiredService> }));

/** The calls that make a state out of nothing, written apart from the code under test. */
export function building(state: DesiredState): Call<void>[] {
  return Object.entries(state.services).flatMap(([key, { destinations = {}, ...service }]) => [
    calls.addService(key, service),
    ...Object.entries(destinations).map(([name, each]) => calls.addDestination(key, name, each)),
  ]);
}

/**
 * The settings of a table, without counters and connections: by service, its settings and those of each destination.
 */
export type Shape = Readonly<
  Record<string, { readonly settings: string; readonly destinations: Record<string, string> }>
>;

export function shapeOf(table: readonly TableEntry[]): Shape {
  const text = (value: unknown): string => JSON.stringify(value);
  return Object.fromEntries(
    table.map(({ service: { key, scheduler, rawFlags, persistence: kept }, destinations }) => [
      key,
      {
        settings: text([scheduler, rawFlags, kept]),
        destinations: Object.fromEntries(
          destinations.map((each) => [
            each.key,
            text([each.forwarding, each.weight, each.upperThreshold, each.lowerThreshold, each.tunnel]),
          ]),
        ),
      },
    ]),
  );
}

/** The fewest requests that lead from one table to another. */
export function fewest(from: Shape, to: Shape): number {
  let requests = Object.keys(from).filter((key) => to[key] === undefined).length;
  for (const [key, { settings, destinations }] of Object.entries(to)) {
    const old = from[key];
    if (old?.settings !== settings) requests += 1;
    const names = new Set([...Object.keys(destinations), ...Object.keys(old?.destinations ?? {})]);
    for (const name of names) if (old?.destinations[name] !== destinations[name]) requests += 1;
  }
  return requests;
}
