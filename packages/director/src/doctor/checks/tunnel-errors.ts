import type { Check } from '../facts/check.js';
import type { Packet } from '../../firewall/packet.js';
import { dropSighting, passage } from '../traffic/firewall-path.js';
import { BEHIND } from '../traffic/hooks.js';
import { paths } from '../facts/paths.js';

/** Clients of tunnels learn the path MTU. */
export const tunnelErrors: Check = {
  id: 'tunnel-errors',
  title: 'Clients of tunnels are told which packets are too long',
  severity: 'error',
  why: 'A tunnel adds 20 bytes and more, so a client’s longest packets do not fit. The director tells it by an ICMP error, which the firewall has to let out.',
  symptom: 'Small requests are served; uploads and long forms hang.',
  *examine(facts) {
    if (facts.settings.pmtu_disc === 0) return;
    const services = new Set<string>();
    for (const { service } of paths(facts, 'tunnel')) {
      const v4 = service.family === 'ipv4';
      const packet: Packet = {
        family: service.family,
        protocol: v4 ? 'icmp' : 'icmpv6',
        icmpType: v4 ? 3 : 2,
        input: '',
        sourceType: 'local',
        state: 'related',
        reply: true,
      };
      const seen = dropSighting(
        passage(facts, BEHIND.request, packet),
        'the errors that tell clients of packets too long',
      );
      if (seen === undefined || services.has(service.key)) continue;
      services.add(service.key);
      yield { service: service.key, ...seen };
    }
  },
};
