/** Documents with and without the agent's fields. */
import { agentExtensions, AGENT_FIELDS, type DesiredState, readDocument } from '@ipvs-ts/ipvs';
import { loadAgent } from '../framework/agent-package.js';

/** The content of a file. */
export interface ReadState {
  readonly state: DesiredState;
  /** Keys of services with checks, which decide on current weights. */
  readonly checked: readonly string[];
}

/** Reads a document. One with the agent's fields needs the agent's package, which checks them. */
export async function readStateDocument(text: string, file: string, maxBytes: number): Promise<ReadState> {
  const state = await readDocument(text, { file, extensions: agentExtensions(), maxBytes });
  if (!hasAgentFields(state)) return { state, checked: [] };
  return (await loadAgent()).readDesired(text, file, { maxBytes });
}

function hasAgentFields(state: DesiredState): boolean {
  return (
    hasAny(state, AGENT_FIELDS.document) ||
    Object.values(state.services).some(
      (service) =>
        hasAny(service, AGENT_FIELDS.service) ||
        Object.values(service.destinations ?? {}).some((each) => hasAny(each, AGENT_FIELDS.destination)),
    )
  );
}

function hasAny(value: object, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(value, name));
}
