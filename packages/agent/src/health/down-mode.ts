import { argumentsOf } from '../argument-checks.js';
import type { DeclaredService } from '../declared/declared.js';
import type { WhenDown } from '../declared/health-settings.js';

/** How a service takes a destination out, and why. */
export interface DownMode {
  readonly mode: WhenDown;
  readonly why: string;
}

/**
 * What happens to destinations that are down: as the document says; by default weight 0, if that really takes a
 * destination out. `expiresTemplates`: whether net.ipv4.vs.expire_quiescent_template is 1; undefined if unknown.
 */
export function downMode(
  service: Pick<DeclaredService, 'health' | 'key' | 'options'>,
  expiresTemplates: boolean | undefined,
): DownMode {
  argumentsOf.object('service', service, { health: 'object', key: 'object', options: 'object' });
  const { health, key, options } = service;
  if (health.whenDown !== undefined) return { mode: health.whenDown, why: 'the document says so' };
  const { scheduler, onePacket, flags = [], persistence } = options;
  if (onePacket === true) return remove('one-packet services send packets to a destination of weight 0');
  if (key.protocol === 'udp') return remove('UDP clients stay at a destination of weight 0');
  if (scheduler === 'dh') return remove('scheduler dh drops packets to a destination of weight 0');
  if (scheduler === 'sh' && !flags.includes('sh-fallback'))
    return remove('scheduler sh without sh-fallback drops packets to a destination of weight 0');
  if (persistence !== undefined && persistence.timeout > 0 && expiresTemplates === false)
    return remove(
      'persistent clients stay at a destination of weight 0 while net.ipv4.vs.expire_quiescent_template is 0',
    );
  return { mode: 'quiesce', why: 'weight 0 takes it out and lets connections end' };
}

function remove(why: string): DownMode {
  return { mode: 'remove', why };
}
