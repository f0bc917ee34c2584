import { IpvsError } from '../errors.js';
import { malformedLine } from './malformed.js';
import { type ProcFiles, readProc } from './proc-files.js';

/** Packets that the kernel has dropped before balancing them, since boot. */
export interface Drops {
  /** Of the whole host: a CPU had more packets waiting than `net.core.netdev_max_backlog`. */
  readonly backlog: bigint;
  /**
   * Of the namespace: netfilter could not track their connections, usually because its table is full; undefined if it
   * does not track any.
   */
  readonly conntrack: bigint | undefined;
}

const SOFTNET = '/proc/thread-self/net/softnet_stat';
const CONNTRACK = '/proc/thread-self/net/stat/nf_conntrack';
const READ_DROPS = 'read the dropped packets';
const DROPPED = 1;

/** Reads both. Throws ERR_IPVS_PROC. */
export function readDrops(files: ProcFiles): Drops {
  if (!files.isOfKernel)
    throw new IpvsError('ERR_IPVS_PROC', `cannot ${READ_DROPS}: a test double has no /proc of its own`, {
      operation: READ_DROPS,
    });
  const backlog = parseSoftnet(readProc(files, SOFTNET, READ_DROPS));
  try {
    return { backlog, conntrack: parseConntrack(readProc(files, CONNTRACK, READ_DROPS)) };
  } catch (error) {
    if (!IpvsError.is(error, 'ERR_IPVS_PROC') || error.errnoName !== 'ENOENT') throw error;
    return { backlog, conntrack: undefined };
  }
}

/** A line for each CPU: packets that were processed, dropped, …; hexadecimal. */
function parseSoftnet(text: string): bigint {
  return sum(SOFTNET, text.trimEnd().split('\n'), 0, DROPPED);
}

/** A line of names, and one for each CPU; hexadecimal. */
function parseConntrack(text: string): bigint {
  const lines = text.trimEnd().split('\n');
  const column = (lines[0] ?? '').trim().split(/\s+/).indexOf('drop');
  if (column === -1) throw malformedLine(READ_DROPS, CONNTRACK, 1, 'names with drop', lines[0]);
  return sum(CONNTRACK, lines, 1, column);
}

function sum(path: string, lines: readonly string[], from: number, column: number): bigint {
  return lines.slice(from).reduce((total, line, index) => {
    const text = line.trim().split(/\s+/)[column] ?? '';
    if (!/^[0-9a-f]{1,16}$/i.test(text))
      throw malformedLine(READ_DROPS, path, from + index + 1, 'hexadecimal numbers', line);
    return total + BigInt(`0x${text}`);
  }, 0n);
}
