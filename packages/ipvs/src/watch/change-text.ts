import { differencesText, settingsText } from '../plan/settings-text.js';
import type { WatchChange } from './sample.js';

/** A change in one line: `edited destination 10.0.0.1:80 of service tcp:192.0.2.10:80: weight 1 -> 0`. */
export function watchChangeText({ kind, service, destination, to, differences }: WatchChange): string {
  const what =
    destination === undefined ? `service ${service}` : `destination ${destination} of service ${service}`;
  if (kind === 'removed' || to === undefined) return `${kind} ${what}`;
  return `${kind} ${what}: ${kind === 'edited' ? differencesText(differences) : settingsText(to)}`;
}
