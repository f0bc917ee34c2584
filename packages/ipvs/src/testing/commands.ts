import type { AnyOperation, Messages } from '@ipvs-ts/netlink';
import { MESSAGE } from '../schema/message.js';
import { OPERATION_LIST } from '../schema/operations.js';
import {
  deleteDestinationCommand,
  dumpDestinationsCommand,
  newDestinationCommand,
  setDestinationCommand,
} from './destination-commands.js';
import type { Model } from './model.js';
import {
  deleteDaemonCommand,
  dumpDaemonsCommand,
  getConfigCommand,
  getInfoCommand,
  newDaemonCommand,
  setConfigCommand,
} from './namespace-commands.js';
import { parse, type Parsed } from './parse.js';
import type { Result } from './result.js';
import {
  deleteServiceCommand,
  dumpServicesCommand,
  flushCommand,
  getServiceCommand,
  newServiceCommand,
  setServiceCommand,
  zeroCommand,
} from './service-commands.js';

type TopLevel = Parsed<(typeof MESSAGE)['attributes']>;
type Command = (model: Model, top: TopLevel, start: number) => Result;

/** What each "do" operation does, by its command number. */
const DO: Readonly<Record<number, Command>> = {
  1: (model, { window }) => newServiceCommand(model, window),
  2: (model, { window }) => setServiceCommand(model, window),
  3: (model, { window }) => deleteServiceCommand(model, window),
  4: (model, { window }) => getServiceCommand(model, window),
  5: (model, { window }) => newDestinationCommand(model, window),
  6: (model, { window }) => setDestinationCommand(model, window),
  7: (model, { window }) => deleteDestinationCommand(model, window),
  9: (model, { window }, start) => newDaemonCommand(model, window, start),
  10: (model, { window }, start) => deleteDaemonCommand(model, window, start),
  12: (model, { window }) => setConfigCommand(model, window),
  13: (model) => getConfigCommand(model),
  15: (model) => getInfoCommand(model),
  16: (model, { window }) => zeroCommand(model, window),
  17: (model) => flushCommand(model),
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
  const result = (DO[command] as Command)(model, top, at);
  return { ...result, remark: result.remark ?? top.remark };
}

/** A dump looks at attributes only where it needs them, and says nothing of those that break a rule but in a remark. */
function dump(model: Model, command: number, { view, at, start, end }: Messages): Result {
  if (command === 4) return dumpServicesCommand(model);
  if (command === 11) return dumpDaemonsCommand(model);
  const top = parse(MESSAGE, view, start + 4, end, at);
  if (top.errno === 0) return dumpDestinationsCommand(model, top.window, top.remark);
  return { errno: 0, bodies: [], remark: top.remark };
}
