import type { Remarks } from '../remarks.js';
import type { Entry } from './sections.js';

/** Adds a remark about a key instead of the one that it is taken over. A server is taken over nevertheless. */
export function note(remarks: Remarks, place: Entry, fate: 'differs' | 'dropped', text: string): void {
  if (place.key === 'real' || place.key === 'real6') remarks.add(place, fate, text);
  else remarks.instead(place, fate, text);
}
