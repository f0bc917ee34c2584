import type { Difference } from '../model/settings.js';

/** The texts of frozen settings: many changes share them. */
const TEXTS = new WeakMap<object, string>();

/** Settings as text, without empty ones: `scheduler rr, persistence timeout 360 netmask 255.255.255.0`. */
export function settingsText(settings: object): string {
  const known = TEXTS.get(settings);
  if (known !== undefined) return known;
  const text = makeText(settings);
  if (Object.isFrozen(settings)) TEXTS.set(settings, text);
  return text;
}

function makeText(settings: object): string {
  return Object.entries(settings)
    .filter(([field, value]) => !saysNothing(field, value))
    .map(([field, value]) => (value === true ? field : `${field} ${valueText(value)}`))
    .join(', ');
}

/** Differences as text: `weight 1 -> 3, tunnel none -> type gue port 6080 checksum none`. */
export function differencesText(differences: readonly Difference[]): string {
  return differences
    .map(({ field, from, to }) => `${field} ${valueText(from)} -> ${valueText(to)}`)
    .join(', ');
}

function valueText(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => `${name} ${valueText(each)}`)
      .join(' ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function saysNothing(field: string, value: unknown): boolean {
  // A threshold of 0 means none, and the state of a daemon is part of its name.
  if (field === 'state' || (field.endsWith('Threshold') && value === 0)) return true;
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}
