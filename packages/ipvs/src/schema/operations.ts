import {
  type AnyOperation,
  type FamilyHandle,
  type Operation,
  operation,
  type Shape,
} from '@ipvs-ts/netlink';
import { INFO, MESSAGE } from './message.js';
import { TEMPLATED_MESSAGE } from './request-templates.js';

/** Name of the generic-netlink family. */
export const FAMILY_NAME = 'IPVS';

type Message = (typeof MESSAGE)['attributes'];

/** Replies have the command of the matching NEW or SET operation, not that of the request. */
export const SERVICES = { command: 1, attributes: MESSAGE } as const;
export const DESTINATIONS = { command: 5, attributes: MESSAGE } as const;
const DAEMONS = { command: 9, attributes: MESSAGE } as const;
const CONFIG = { command: 12, attributes: MESSAGE } as const;
/** SET_INFO exists as a reply only. */
const INFORMATION = { command: 14, attributes: INFO } as const;

function change(name: string, command: number, doc: string): Operation<Message, Shape> {
  return operation({ name, command, mode: 'do', request: MESSAGE, doc });
}

/** A change of which there may be many at once. */
function many(change: Operation<Message, Shape>): Operation<Message, Shape> {
  return operation({ ...change, request: TEMPLATED_MESSAGE });
}

/** A change that loads modules, waits for all CPUs or for a kernel thread, or walks a table. */
function slowChange(name: string, command: number, doc: string): Operation<Message, Shape> {
  return operation({ ...change(name, command, doc), slow: true });
}

function get<R extends Shape>(
  name: string,
  command: number,
  reply: NonNullable<Operation<Message, R>['reply']>,
  doc: string,
): Operation<Message, R> {
  return operation({ name, command, mode: 'do', request: MESSAGE, reply, doc });
}

function dump(
  name: string,
  command: number,
  reply: typeof SERVICES | typeof DESTINATIONS | typeof DAEMONS,
  doc: string,
): Operation<Message, Message> {
  return operation({ name, command, mode: 'dump', request: MESSAGE, reply, doc });
}

/** `IPVS_CMD_*`. */
export const OPERATIONS = {
  newService: many(slowChange('NEW_SERVICE', 1, 'add a service')),
  setService: many(slowChange('SET_SERVICE', 2, 'replace the settings of a service')),
  deleteService: slowChange('DEL_SERVICE', 3, 'delete a service and its destinations'),
  getService: get('GET_SERVICE', 4, SERVICES, 'read one service'),
  dumpServices: dump('GET_SERVICE', 4, SERVICES, 'read all services'),
  newDestination: many(change('NEW_DEST', 5, 'add a destination')),
  setDestination: many(change('SET_DEST', 6, 'replace the settings of a destination')),
  deleteDestination: change('DEL_DEST', 7, 'delete a destination'),
  dumpDestinations: dump('GET_DEST', 8, DESTINATIONS, 'read the destinations of a service'),
  newDaemon: slowChange('NEW_DAEMON', 9, 'start a sync daemon'),
  deleteDaemon: slowChange('DEL_DAEMON', 10, 'stop a sync daemon'),
  dumpDaemons: dump('GET_DAEMON', 11, DAEMONS, 'read the sync daemons'),
  setConfig: change('SET_CONFIG', 12, 'set timeouts'),
  getConfig: get('GET_CONFIG', 13, CONFIG, 'read the timeouts'),
  getInfo: get('GET_INFO', 15, INFORMATION, 'read version and table size'),
  zero: slowChange('ZERO', 16, 'zero the counters of one service or of all'),
  flush: slowChange('FLUSH', 17, 'delete all services'),
} as const;

/** The same operations as a list, for traces and generated documents. */
export const OPERATION_LIST: readonly AnyOperation[] = Object.values(OPERATIONS);

/** The family, which clients look up. */
export const FAMILY: FamilyHandle = { name: FAMILY_NAME, operations: OPERATION_LIST };
