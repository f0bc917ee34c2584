import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { inputsOf, placeText, translatedBefore } from '../traffic/firewall-path.js';
import { requestsOf } from '../traffic/packets.js';
import { isOwn } from '../facts/roles.js';
import { type Traffic, trafficOf } from '../traffic/traffic.js';
import type { Translation } from '../../firewall/translate.js';

/** No NAT rule takes requests before IPVS. */
export const natFirst: Check = {
  id: 'nat-first',
  title: 'No rule of a NAT table takes requests before IPVS sees them',
  severity: 'error',
  why: 'DNAT and REDIRECT work in PREROUTING, before IPVS. A request that they give another destination is not for the service any more.',
  symptom:
    'The page of another program or container, or connection refused. The director lists no connection.',
  *examine(facts) {
    for (const traffic of trafficOf(facts)) {
      const { service, target, client, local } = traffic;
      const inputs = local ? [''] : inputsOf(facts, service, target, client);
      const all = inputs.map((input) => {
        const [packet] = requestsOf(facts, service, target, true, { tracked: true, client, input });
        return packet && { packet, translation: translatedBefore(facts, packet) };
      });
      const [first] = all;
      if (first?.translation === undefined || all.some((each) => each?.translation === undefined)) continue;
      const { packet, translation } = first;
      if (translation.certainty === 'some' || comesBack(facts, traffic, translation)) continue;
      const perhaps = translation.certainty === 'perhaps';
      const { to } = translation.target;
      yield {
        service: service.key,
        found: `${perhaps ? 'perhaps ' : ''}${placeText(translation)}: the rule “${translation.rule.text}” sends requests ${to === undefined ? 'elsewhere' : `to ${to}`}${perhaps ? ', which cannot be judged here' : ''}`,
        accept: [{ place: translation, packet }],
        advice:
          'The command keeps the requests of the service from the rule until the next restart. A port that a container publishes needs another number, or the service another address.',
        ...(perhaps && { perhaps }),
      };
    }
  },
};

/** Whether the service receives the packets nevertheless: they are translated to its own address, or keep its mark. */
function comesBack(facts: Facts, { service }: Traffic, { target: { to = '' } }: Translation): boolean {
  const address = to.replace(/^\[(.*)\](:[0-9-]+)?$/, '$1').replace(/^([0-9.]+)(:[0-9-]+)?$/, '$1');
  if (service.fwmark !== undefined) return to.endsWith('this host') || isOwn(facts, address);
  const own = service.key.slice(service.key.indexOf(':') + 1);
  return to === own || (to === service.address && service.port !== 0);
}
