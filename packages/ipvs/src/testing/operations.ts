import type { AnyOperation, Messages } from '@ipvs-ts/netlink';
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
  1: (model, { window }) => newServiceOperation(model, window),
  2: (model, { window }) => setServiceOperation(model, window),
  3: (model, { window }) => deleteServiceOperation(model, window),
  4: (model, { window }) => getServiceOperation(model, window),
  5: (model, { window }) => newDestinationOperation(model, window),
  6: (model, { window }) => setDestinationOperation(model, window),
  7: (model, { window }) => deleteDestinationOperation(model, window),
  9: (model, { window }, start) => newDaemonOperation(model, window, start),
  10: (model, { window }, start) => deleteDaemonOperation(model, window, start),
  12: (model, { window }) => setConfigOperation(model, window),
  13: (model) => getConfigOperation(model),
  15: (model) => getInfoOperation(model),
  16: (model, { window }) => zeroOperation(model, window),
  17: (model) => flushOperation(model),
};

/** The IPVS operation that a message asks for; undefined for an unknown command and for the wrong kind of request. */
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

/** A dump reads attributes only where it needs them; one that breaks a rule is only mentioned in a remark. */
function dump(model: Model, command: number, { view, at, start, end }: Messages): Result {
  if (command === 4) return dumpServicesOperation(model);
  if (command === 11) return dumpDaemonsOperation(model);
  const top = parse(MESSAGE, view, start + 4, end, at);
  if (top.errno === 0) return dumpDestinationsOperation(model, top.window, top.remark);
  return { errno: 0, bodies: [], remark: top.remark };
}
