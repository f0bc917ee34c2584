import type { AdditionalField, DocumentExtensions } from './extensions.js';

/** Fields that the agent adds to documents, by level. Knowing their names, a program finds typos in them. */
export const AGENT_FIELDS = {
  document: ['defaults', 'checks', 'agent'],
  service: ['check', 'health'],
  destination: ['check'],
} as const;

/** The levels of a document that have additional fields. */
export type FieldLevel = keyof typeof AGENT_FIELDS;

/** The agent's fields as `readDocument` takes them. `field`: how each is checked; not at all by default. */
export function agentExtensions(
  field: (level: FieldLevel, name: string) => AdditionalField = () => 'any',
): DocumentExtensions {
  const of = (level: FieldLevel): Record<string, AdditionalField> =>
    Object.fromEntries(AGENT_FIELDS[level].map((name) => [name, field(level, name)]));
  return { document: of('document'), service: of('service'), destination: of('destination') };
}
