import { ERRNO, type Writer } from '@ipvs-ts/netlink';
import { CONTROLLER, FAMILY, type Messages } from '@ipvs-ts/netlink/testing';
import { MESSAGE } from '../schema/message.js';
import { FAMILY_NAME, OPERATION_LIST } from '../schema/operations.js';
import { parse } from './parse.js';
import { policyBodies } from './policy-dump.js';
import { type Body, refuse, type Result } from './result.js';
import type { Traits } from './traits.js';

const GETFAMILY = 3;
const GETPOLICY = 10;
/** The version that nlctrl writes into its own messages. */
export const CONTROLLER_VERSION = 2;

/** Flags of an operation in the description of a family. */
const FLAG = { admin: 1, do: 2, dump: 4, policy: 8 } as const;

/** What the controller reports about a family. */
interface Description {
  readonly id: number;
  readonly name: string;
  readonly version: number;
  readonly maxAttribute: number;
  readonly operations: readonly { readonly id: number; readonly flags: number }[];
  readonly groups: readonly { readonly id: number; readonly name: string }[];
}

const NLCTRL: Description = {
  id: CONTROLLER.id,
  name: CONTROLLER.name,
  version: CONTROLLER_VERSION,
  maxAttribute: 0,
  operations: [
    { id: GETFAMILY, flags: FLAG.do | FLAG.dump | FLAG.policy },
    { id: GETPOLICY, flags: FLAG.dump | FLAG.policy },
  ],
  groups: [{ id: CONTROLLER.id, name: 'notify' }],
};

/** What the controller needs of the module of the family. */
export interface Module {
  readonly traits: Traits;
  /** The number of the family; undefined if the module is not loaded. */
  readonly familyId: number | undefined;
  /** Loads the module if looking the family up does that; returns whether it is loaded now. */
  autoload(): boolean;
}

/** The controller's operations. */
export function controllerOperation({ view, start }: Messages, dump: boolean): string | undefined {
  const command = view.getUint8(start);
  if (command === GETFAMILY) return 'GETFAMILY';
  return command === GETPOLICY && dump ? 'GETPOLICY' : undefined;
}

/** Executes a message to the controller. */
export function executeController(module: Module, message: Messages, dump: boolean): Result {
  const { view, at, start, end } = message;
  if (dump && view.getUint8(start) === GETFAMILY) {
    const families = [NLCTRL, ...loaded(module)];
    return { errno: 0, bodies: families.map(familyBody) };
  }
  const { errno, reader, remark } = parse(FAMILY, view, start + 4, end, at);
  if (errno !== 0) return refuse(errno, remark);
  const { id, name } = reader;
  if (id === undefined && name === undefined) return refuse(ERRNO.EINVAL, remark);
  if (name === FAMILY_NAME) module.autoload();
  const family = [NLCTRL, ...loaded(module)].find((each) =>
    name === undefined ? each.id === id : each.name === name,
  );
  if (family === undefined) return refuse(ERRNO.ENOENT, remark);
  if (!dump) return { errno: 0, bodies: [familyBody(family)], remark };
  // The controller's own rules are left out: clients of IPVS do not use them.
  return { errno: 0, bodies: family === NLCTRL ? [] : policyBodies(family.id, module.traits.pads) };
}

function loaded({ traits, familyId }: Module): Description[] {
  if (familyId === undefined) return [];
  const commands = [...new Set(OPERATION_LIST.map(({ command }) => command))].sort((a, b) => a - b);
  const maxAttribute = Math.max(...Object.values(MESSAGE.attributes).map(({ number }) => number));
  return [
    {
      id: familyId,
      name: FAMILY_NAME,
      version: 1,
      maxAttribute,
      operations: commands.map((id) => ({ id, flags: flagsOf(id, traits) })),
      groups: [],
    },
  ];
}

function flagsOf(command: number, { dumpOnlyFlags }: Traits): number {
  const modes = OPERATION_LIST.filter((operation) => operation.command === command).map(({ mode }) => mode);
  if (!modes.includes('do')) return dumpOnlyFlags;
  return FLAG.admin | FLAG.do | FLAG.policy | (modes.includes('dump') ? FLAG.dump : 0);
}

function familyBody({ id, name, version, maxAttribute, operations, groups }: Description): Body {
  const { operations: ops, multicastGroups } = FAMILY.attributes;
  return {
    command: 1,
    write: (writer) => {
      FAMILY.encode(writer, { name, id, version, headerSize: 0, maxAttribute });
      writeList(writer, ops.number, operations, (each) => ops.kind.set.encode(writer, each));
      writeList(writer, multicastGroups.number, groups, (each) =>
        multicastGroups.kind.set.encode(writer, each),
      );
    },
  };
}

/** A numbered list of groups, without the nested flag, as the controller writes it; nothing for an empty one. */
function writeList<T>(writer: Writer, number: number, items: readonly T[], write: (item: T) => void): void {
  if (items.length === 0) return;
  const list = writer.beginNest(number);
  items.forEach((item, index) => {
    const entry = writer.beginNest(index + 1);
    write(item);
    writer.endNest(entry);
  });
  writer.endNest(list);
}
