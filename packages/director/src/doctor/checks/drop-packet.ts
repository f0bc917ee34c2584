import type { Check } from '../facts/check.js';

/** No packets are dropped on purpose. */
export const dropPacket: Check = {
  id: 'drop-packet',
  title: 'The defence that drops packets is not at work',
  severity: 'error',
  why: 'drop_packet is a defence against floods: at 3 one packet of am_droprate is dropped before it is balanced, at 2 the same while memory is short.',
  symptom: 'Timeouts and slow answers; with am_droprate 1 nothing but timeouts.',
  *examine({ settings: { drop_packet, am_droprate, amemthresh } }) {
    if (drop_packet === 3) {
      const share = am_droprate === 1 ? 'every packet' : `one packet of ${am_droprate ?? '?'}`;
      yield {
        found: `net.ipv4.vs.drop_packet is 3: ${share} is dropped`,
        settings: [{ path: 'net/ipv4/vs/drop_packet', value: 0 }],
      };
    } else if (drop_packet === 2) {
      yield {
        found: `net.ipv4.vs.drop_packet is 2: memory is below amemthresh (${amemthresh ?? '?'} pages), and packets are dropped`,
        fix: [],
        advice: 'Find out what takes the memory: the director is short of it.',
      };
    }
  },
};
