import type { Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import { type Handlers, readBlock } from './words/context.js';
import type { Node } from './syntax/tree.js';
import { readInteger } from './words/values.js';
import { GLOBAL } from './words/root-words.js';

const LONGEST_TIMEOUT = 2_678_400;

/** Timeouts by their names in keepalived. */
const TIMEOUTS: Readonly<Record<string, string>> = { tcp: 'tcp', tcpfin: 'tcpFin', udp: 'udp' };

/** Fields of the document that `global_defs` sets. */
export interface Globals {
  timeouts?: Plain;
}

/** Reads the words of `global_defs` that concern the checkers, and returns the others. */
export function readGlobals(node: Node, globals: Globals, remarks: Remarks): readonly Node[] {
  const children = node.children ?? [];
  readBlock(
    children.filter(({ word }) => Object.hasOwn(GLOBAL, word)),
    GLOBAL,
    HANDLERS,
    globals,
    remarks,
  );
  return children.filter(({ word }) => !Object.hasOwn(GLOBAL, word));
}

const HANDLERS: Handlers<Globals> = {
  lvs_timeouts: (globals, { values }) => {
    const timeouts: Record<string, number> = {};
    for (let at = 0; at < values.length; at += 2) {
      const name = TIMEOUTS[values[at] as string];
      const seconds = readInteger(values[at + 1], 1, LONGEST_TIMEOUT);
      if (name === undefined) return `${values[at] as string} is none of tcp, tcpfin and udp`;
      if (typeof seconds === 'string') return seconds;
      timeouts[name] = seconds;
    }
    globals.timeouts = timeouts;
    return undefined;
  },
};
