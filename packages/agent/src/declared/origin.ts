import type { Problems } from '../fields/problems.js';
import { isPlain, type Plain } from './defaults.js';

/** The origin of a document. A file may have settings of the agent, the store of a fleet may not. */
export type DocumentOrigin = 'file' | 'store';

/**
 * Checks that a file that names a store has only the settings of its director, and that documents in the store have
 * none of them.
 */
export function checkOrigin(problems: Problems, document: Plain, origin: DocumentOrigin): void {
  const { agent } = document;
  if (origin === 'store' && agent !== undefined)
    problems.add(
      'agent',
      'absent',
      'agent belongs in the file of each director, not in the document of a fleet',
    );
  if (origin === 'store' || !namesSource(agent)) return;
  for (const name of Object.keys(document))
    if (name !== 'agent' && (name !== 'services' || !isEmpty(document[name])))
      problems.add(
        name,
        'absent',
        `${name} comes from the store that agent.source names; this file has agent only`,
      );
}

/** Whether the settings of the agent name a store. */
export function namesSource(agent: unknown): boolean {
  return isPlain(agent) && agent['source'] !== undefined;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (isPlain(value) && Object.keys(value).length === 0);
}
