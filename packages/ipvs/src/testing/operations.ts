import type { AnyOperation } from '@ipvs-ts/netlink';
import type { Messages } from '@ipvs-ts/netlink/testing';
import { MESSAGE } from '../schema/message.js';
import { OPERATION_LIST } from '../schema/operations.js';
import {
  deleteDestinationOperation,
  dumpDestinationsOperation,
  newDestinationOperation,
  setDestinationOperation,
} from './destination-operations.js';
import type { Model } from './model.js';
import {
  deleteDaemonOperation,
  dumpDaemonsOperation,
  getConfigOperation,
  getInfoOperation,
  newDaemonOperation,
  setConfigOperation,
} from './namespace-operations.js';
import { parse, type Parsed } from './parse.js';
import type { Result } from './result.js';
import {
  deleteServiceOperation,
  dumpServicesOperation,
  flushOperation,
  getServiceOperation,
  newServiceOperation,
  setServiceOperation,
  zeroOperation,
} from './service-operations.js';

type TopLevel = Parsed<(typeof MESSAGE)['attributes']>;
type Executor = (model: Model, top: TopLevel, start: number) => Result;

/** What each "do" operation does, by its command number. */
const DO: Readonly<Record<number, Executor>> = {
  1: (model, { reader }) => newServiceOperation(model, reader),
  2: (model, { reader }) => setServiceOperation(model, reader),
  3: (model, { reader }) => deleteServiceOperation(model, reader),
  4: (model, { reader }) => getServiceOperation(model, reader),
  5: (model, { reader }) => newDestinationOperation(model, reader),
  6: (model, { reader }) => setDestinationOperation(model, reader),
  7: (model, { reader }) => deleteDestinationOperation(model, reader),
  9: (model, { reader }, start) => newDaemonOperation(model, reader, start),
  10: (model, { reader }, start) => deleteDaemonOperation(model, reader, start),
  12: (model, { reader }) => setConfigOperation(model, reader),
  13: (model) => getConfigOperation(model),
  15: (model) => getInfoOperation(model),
  16: (model, { reader }) => zeroOperation(model, reader),
  17: (model) => flushOperation(model),
};

/** The IPVS operation of a message; undefined for an unknown command and for the wrong kind of request. */
export function operationOf({ view, start }: Messages, dump: boolean): AnyOperation | undefined {
  const command = view.getUint8(start);
  const mode = dump ? 'dump' : 'do';
  return OPERATION_LIST.find((operation) => operation.command === command && operation.mode === mode);
}

/** Executes a message of the IPVS family. */
export function execute(model: Model, { command, mode }: AnyOperation, message: Messages): Result {
  const { view, at, start, end } = message;
  if (mode === 'dump') return dump(model, command, message);
  const top = parse(MESSAGE, view, start + 4, end, at);
  if (top.errno !== 0) return { errno: top.errno, remark: top.remark };
  const result = (DO[command] as Executor)(model, top, at);
  return { ...result, remark: result.remark ?? top.remark };
}

/** A dump reads attributes only if it needs them; an attribute that breaks a rule is only mentioned in a remark. */
function dump(model: Model, command: number, { view, at, start, end }: Messages): Result {
  if (command === 4) return dumpServicesOperation(model);
  if (command === 11) return dumpDaemonsOperation(model);
  const top = parse(MESSAGE, view, start + 4, end, at);
  if (top.errno === 0) return dumpDestinationsOperation(model, top.reader, top.remark);
  return { errno: 0, bodies: [], remark: top.remark };
}
