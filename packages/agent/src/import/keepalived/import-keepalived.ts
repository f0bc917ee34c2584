import { argumentsOf } from '../../argument-checks.js';
import { documentOf } from '../document.js';
import type { Imported, ImportedService, Plain } from '../imported.js';
import { inOrder, Remarks } from '../remarks.js';
import type { TextFile } from '../text-file.js';
import { validServices } from '../valid.js';
import { DONE, dropChildren, readBlock } from './words/context.js';
import { type Globals, readGlobals } from './global.js';
import { type GroupEntry, readGroup } from './group.js';
import { keptText } from './kept.js';
import { Lexer, type ReadIncluded } from './syntax/lexer.js';
import { servicesOf } from './services.js';
import { type Node, treeOf } from './syntax/tree.js';
import { readVirtualServer, type VirtualServer } from './virtual-server.js';
import { ROOT } from './words/root-words.js';

/** Options of reading a configuration of keepalived. */
export interface KeepalivedOptions {
  /**
   * The id that lines with `@ID` are compared with: keepalived's `--config-id`, by default the host name up to its
   * first dot.
   */
  readonly configId?: string;
  /** Reads the files of an `include`; by default there are none. */
  readonly readIncluded?: ReadIncluded;
}

/** The file in which the agent says whether the director is fit, for keepalived to track. */
const TRACK_FILE = '/run/ipvs-ts/fit';

/**
 * Makes a document of a configuration of keepalived (2.2 and later, and the words of older versions): services,
 * destinations, checks and what happens when they fail. Throws ERR_AGENT_IMPORT if the file cannot be read: bytes that
 * are not text, unbalanced braces, files that include each other.
 */
export function importKeepalived(file: TextFile, options: KeepalivedOptions = {}): Imported {
  argumentsOf.object('file', file, { path: 'text', text: 'text' });
  argumentsOf.object('options', options);
  const remarks = new Remarks();
  const lexer = new Lexer(
    { configId: options.configId ?? '', readIncluded: options.readIncluded ?? (() => []) },
    remarks,
  );
  const tree = treeOf(lexer.read(file), remarks);
  const read = readRoot(tree, remarks);
  const services = mergedServices(read, remarks);
  const hasVrrp = read.kept.some(({ word }) => word === 'vrrp_instance' || word === 'vrrp_sync_group');
  remarks.fillGaps(tree, 'keepalived does not expect it here');
  const others: Plain = {
    ...(read.globals.timeouts !== undefined && { timeouts: read.globals.timeouts }),
    ...(hasVrrp && { agent: { trackFile: TRACK_FILE } }),
  };
  return {
    document: documentOf(services, others),
    remarks: inOrder(remarks.list),
    kept: read.kept.length === 0 ? undefined : keptText(read.kept, hasVrrp ? TRACK_FILE : undefined),
  };
}

interface Root {
  readonly servers: VirtualServer[];
  readonly groups: Map<string, readonly GroupEntry[]>;
  readonly globals: Globals;
  readonly kept: Node[];
}

function readRoot(tree: readonly Node[], remarks: Remarks): Root {
  const root: Root = { servers: [], groups: new Map(), globals: {}, kept: [] };
  const keep = ({ kept }: Root, node: Node): undefined => {
    kept.push(node);
    dropChildren(node, 'kept', remarks);
  };
  const keepers = Object.entries(ROOT).filter(([, { fate }]) => fate === 'kept');
  const handlers = {
    ...Object.fromEntries(keepers.map(([name]) => [name, keep])),
    virtual_server_group: ({ groups }: Root, node: Node): string | undefined => {
      const entries = readGroup(node, remarks);
      groups.set(node.values[0] as string, entries ?? []);
      return entries === undefined ? DONE : undefined;
    },
    virtual_server: ({ servers }: Root, node: Node): string | undefined => {
      const server = readVirtualServer(node, remarks);
      if (typeof server === 'string') return server;
      servers.push(server);
      return DONE;
    },
    global_defs: ({ globals, kept }: Root, node: Node): undefined => {
      const rest = readGlobals(node, globals, remarks);
      for (const each of rest) {
        remarks.add(each, 'kept', `${each.text}: stays in keepalived`);
        dropChildren(each, 'kept', remarks);
      }
      if (rest.length > 0) kept.push({ ...node, children: rest });
    },
    SSL: (_: Root, node: Node): undefined => {
      dropChildren(node, 'dropped', remarks);
    },
  };
  readBlock(tree, ROOT, handlers, root, remarks);
  return root;
}

/** Services by name. A second virtual server of the same name adds its destinations to the first, as in keepalived. */
function mergedServices({ servers, groups }: Root, remarks: Remarks): ReadonlyMap<string, ImportedService> {
  const services = new Map<string, ImportedService>();
  const nodes = new Map<string, Node>();
  for (const server of servers) {
    const entries = server.target.kind === 'group' ? groups.get(server.target.name) : undefined;
    for (const [name, service] of servicesOf(server, entries, remarks)) {
      const first = services.get(name);
      nodes.set(name, server.node);
      if (first === undefined) services.set(name, service);
      else {
        remarks.differs(
          server.node,
          `${server.node.text}: ${name} is there already; its destinations are added to that service, whose settings hold`,
        );
        services.set(name, {
          settings: first.settings,
          health: first.health ?? service.health,
          destinations: new Map([...service.destinations, ...first.destinations]),
        });
      }
    }
  }
  return validServices(services, (name, why) => {
    const node = nodes.get(name);
    if (node !== undefined) remarks.leaveOut(node, why);
  });
}
