import type { Remarks } from '../remarks.js';
import type { Entry } from './sections.js';

/** A remark about a key, instead of the one that it is taken over. A server is taken over all the same. */
export function note(remarks: Remarks, place: Entry, fate: 'differs' | 'dropped', text: string): void {
  if (place.key === 'real' || place.key === 'real6') remarks.add(place, fate, text);
  else remarks.instead(place, fate, text);
}
