import type { Remarks } from '../remarks.js';
import { type Checker, readChecker } from './checker.js';
import { DONE, dropChildren, type Handlers, readBlock } from './words/context.js';
import { type Forwarding, readForwarding } from './forwarding.js';
import { readRetry, type Timing, TIMING_HANDLERS } from './timing.js';
import type { Node } from './syntax/tree.js';
import { readAddress, readBoolean, readDigits } from './words/values.js';
import { CHECKER_BLOCKS } from './words/checker-words.js';
import { REAL_SERVER } from './words/server-words.js';

/** A real server. */
export interface RealServer {
  readonly node: Node;
  readonly address: string;
  /** 0 if there is none. */
  readonly port: number;
  readonly timing: Timing;
  readonly checkers: Checker[];
  weight?: number;
  forwarding?: Forwarding;
  upperThreshold?: number;
  lowerThreshold?: number;
  inhibit?: boolean;
  inhibitNode?: Node;
  virtualhost?: Node;
}

const WORDS = { ...REAL_SERVER, ...CHECKER_BLOCKS };
const MAX_INT = 0x7fff_ffff;
const MAX_UINT = 0xffff_ffff;

/**
 * Reads the address and the port after `real_server` and the like; returns why not for anything else. Port 0 if absent.
 */
export function readEndpoint(
  values: readonly string[],
): { readonly address: string; readonly port: number } | string {
  const address = readAddress(values[0]);
  if (address === undefined) return `${values[0] ?? ''} is not an address`;
  const port = values[1] === undefined || /^0+$/.test(values[1]) ? 0 : readDigits(values[1], 1, 0xffff);
  return typeof port === 'string' ? port : { address, port };
}

/** Reads a real server; returns why if keepalived ignores it. */
export function readServer(node: Node, remarks: Remarks): RealServer | string {
  const endpoint = readEndpoint(node.values);
  if (typeof endpoint === 'string') {
    dropChildren(node, 'dropped', remarks);
    return endpoint;
  }
  const server: RealServer = { node, ...endpoint, timing: {}, checkers: [] };
  readBlock(node.children ?? [], WORDS, { ...HANDLERS, ...checkerHandlers(remarks) }, server, remarks);
  return server;
}

const HANDLERS: Handlers<RealServer> = {
  ...TIMING_HANDLERS,
  retry: ({ timing }, node) => readRetry(timing, node, 1),
  weight: (server, { values }) => integer(values[0], MAX_INT, (weight) => (server.weight = weight)),
  uthreshold: (server, { values }) =>
    integer(values[0], MAX_UINT, (count) => (server.upperThreshold = count)),
  lthreshold: (server, { values }) =>
    integer(values[0], MAX_UINT, (count) => (server.lowerThreshold = count)),
  virtualhost: (server, node) => void (server.virtualhost = node),
  lvs_method: (server, { values }) => {
    const forwarding = readForwarding(values);
    if (typeof forwarding === 'string') return forwarding;
    server.forwarding = forwarding;
    return undefined;
  },
  inhibit_on_failure: (server, node) => {
    const inhibit = readBoolean(node.values[0]);
    if (typeof inhibit === 'string') return inhibit;
    server.inhibit = inhibit;
    server.inhibitNode = node;
    return undefined;
  },
};

function checkerHandlers(remarks: Remarks): Handlers<RealServer> {
  const read = (server: RealServer, node: Node): string | undefined => {
    const { fate, about } = CHECKER_BLOCKS[node.word] as (typeof CHECKER_BLOCKS)[string];
    remarks.add(node, fate, `${node.text}: ${about}`);
    const checker = readChecker(node, remarks);
    if (checker !== undefined && fate === 'taken over') server.checkers.push(checker);
    return DONE;
  };
  return Object.fromEntries(Object.keys(CHECKER_BLOCKS).map((name) => [name, read]));
}

/** Passes a whole number from 0 to `most` to `set`; returns why not for anything else. */
export function integer(
  text: string | undefined,
  most: number,
  set: (value: number) => void,
): string | undefined {
  const value = readDigits(text, 0, most);
  if (typeof value === 'string') return value;
  set(value);
  return undefined;
}
