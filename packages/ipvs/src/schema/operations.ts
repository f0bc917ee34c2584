import { type AnyOperation, operation } from '@ipvs-ts/netlink';
import { INFO, MESSAGE } from './message.js';

/** Name of the generic-netlink family. */
export const FAMILY_NAME = 'IPVS';

const request = MESSAGE;
const services = { command: 1, attributes: MESSAGE } as const;
const destinations = { command: 5, attributes: MESSAGE } as const;
const daemons = { command: 9, attributes: MESSAGE } as const;
const config = { command: 12, attributes: MESSAGE } as const;
const info = { command: 14, attributes: INFO } as const;

/**
 * `IPVS_CMD_*`. Replies carry the command of the matching NEW or SET operation, not that of the question. SET_INFO
 * (14) exists as a reply only.
 */
export const OPERATIONS = {
  newService: operation({ name: 'NEW_SERVICE', command: 1, mode: 'do', request, doc: 'add a service' }),
  setService: operation({
    name: 'SET_SERVICE',
    command: 2,
    mode: 'do',
    request,
    doc: 'replace the settings of a service',
  }),
  deleteService: operation({
    name: 'DEL_SERVICE',
    command: 3,
    mode: 'do',
    request,
    doc: 'delete a service and its destinations',
  }),
  getService: operation({
    name: 'GET_SERVICE',
    command: 4,
    mode: 'do',
    request,
    reply: services,
    doc: 'read one service',
  }),
  dumpServices: operation({
    name: 'GET_SERVICE',
    command: 4,
    mode: 'dump',
    request,
    reply: services,
    doc: 'read all services',
  }),
  newDestination: operation({ name: 'NEW_DEST', command: 5, mode: 'do', request, doc: 'add a destination' }),
  setDestination: operation({
    name: 'SET_DEST',
    command: 6,
    mode: 'do',
    request,
    doc: 'replace the settings of a destination',
  }),
  deleteDestination: operation({
    name: 'DEL_DEST',
    command: 7,
    mode: 'do',
    request,
    doc: 'delete a destination',
  }),
  dumpDestinations: operation({
    name: 'GET_DEST',
    command: 8,
    mode: 'dump',
    request,
    reply: destinations,
    doc: 'read the destinations of a service',
  }),
  newDaemon: operation({ name: 'NEW_DAEMON', command: 9, mode: 'do', request, doc: 'start a sync daemon' }),
  deleteDaemon: operation({
    name: 'DEL_DAEMON',
    command: 10,
    mode: 'do',
    request,
    doc: 'stop a sync daemon',
  }),
  dumpDaemons: operation({
    name: 'GET_DAEMON',
    command: 11,
    mode: 'dump',
    request,
    reply: daemons,
    doc: 'read the sync daemons',
  }),
  setConfig: operation({ name: 'SET_CONFIG', command: 12, mode: 'do', request, doc: 'set timeouts' }),
  getConfig: operation({
    name: 'GET_CONFIG',
    command: 13,
    mode: 'do',
    request,
    reply: config,
    doc: 'read the timeouts',
  }),
  getInfo: operation({
    name: 'GET_INFO',
    command: 15,
    mode: 'do',
    request,
    reply: info,
    doc: 'read version and table size',
  }),
  zero: operation({
    name: 'ZERO',
    command: 16,
    mode: 'do',
    request,
    doc: 'zero the counters of one service or of all',
  }),
  flush: operation({ name: 'FLUSH', command: 17, mode: 'do', request, doc: 'delete all services' }),
} as const;

/** The same operations as a list, for traces and generated documents. */
export const OPERATION_LIST: readonly AnyOperation[] = Object.values(OPERATIONS);
