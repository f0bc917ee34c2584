import { checkInteger, outOfRange, wrongType } from '../argument-checks.js';
import { IpvsError } from '../errors.js';
import { malformedLine } from './malformed.js';
import { type ProcFiles, readProc, writeProc } from './proc-files.js';

/** One of the `net.ipv4.vs` settings: its purpose, its range and its first kernel. */
interface Setting {
  readonly minimum: number;
  readonly maximum: number;
  readonly doc: string;
  readonly since?: string;
}

const INT_MAX = 0x7fff_ffff;
const onOff = (doc: string, since?: string): Setting => ({
  minimum: 0,
  maximum: 1,
  doc,
  ...(since !== undefined && { since }),
});
const range = (minimum: number, maximum: number, doc: string, since?: string): Setting => ({
  minimum,
  maximum,
  doc,
  ...(since !== undefined && { since }),
});
const defence = (doc: string): Setting =>
  range(0, 3, `${doc}: 0 off, 1 automatic, now off, 2 automatic, now on, 3 always`);

/** The settings of one integer, by the names of the kernel (`sysctl net.ipv4.vs`). */
export const SYSCTLS = {
  am_droprate: range(1, INT_MAX, 'with drop_packet 3, drop one packet of this many'),
  amemthresh: range(0, INT_MAX, 'free memory in pages below which the automatic defences start'),
  backup_only: onOff('do not balance while the backup daemon runs'),
  cache_bypass: onOff('forward to the original destination when no cache server is available'),
  conn_lfactor: range(-8, 8, 'load factor of the connection table', '7.1'),
  conn_max: range(0, 1_073_741_824, 'most connections of the namespace', '7.2'),
  conn_reuse_mode: range(
    0,
    3,
    'how to treat a client port that is used again: 0 keeps the old destination; bits select when not to',
  ),
  conntrack: onOff('keep netfilter conntrack entries for connections of IPVS'),
  debug_level: range(0, INT_MAX, 'verbosity of the kernel log, in kernels built with CONFIG_IP_VS_DEBUG'),
  drop_entry: defence('drop half-open connections'),
  drop_packet: defence('drop packets before they are balanced'),
  est_nice: range(-20, 19, 'niceness of the estimator thread', '6.2'),
  expire_nodest_conn: onOff('end connections whose destination is gone, instead of dropping their packets'),
  expire_quiescent_template: onOff('do not keep persistent clients at a destination of weight 0'),
  ignore_tunneled: onOff('leave packets of other protocols inside tunnels alone'),
  nat_icmp_send: onOff('answer replies of unknown masqueraded connections with ICMP errors'),
  pmtu_disc: onOff('answer packets that are too big with ICMP'),
  run_estimation: onOff('bring counters and rates up to date', '5.17'),
  schedule_icmp: onOff('let ICMP errors make connections'),
  secure_tcp: defence('use stricter TCP timeouts'),
  sloppy_sctp: onOff('make connections from any SCTP packet'),
  sloppy_tcp: onOff('make connections from any TCP packet'),
  snat_reroute: onOff('look up the route of replies again after their source was rewritten'),
  svc_lfactor: range(-8, 8, 'load factor of the service table', '7.1'),
  sync_persist_mode: onOff('synchronise persistence templates only'),
  sync_ports: range(1, 64, 'threads and ports of a sync daemon, a power of two'),
  sync_qlen_max: range(0, INT_MAX, 'most sync messages queued'),
  sync_refresh_period: range(0, INT_MAX, 'seconds between two messages for one connection'),
  sync_retries: range(0, 3, 'repetitions of a sync message'),
  sync_sock_size: range(0, INT_MAX, 'bytes of the socket buffers of sync daemons'),
  sync_version: onOff('protocol of sync messages'),
} as const satisfies Record<string, Setting>;

/** Settings of one integer that the kernel has. */
export type IntegerSysctls = { readonly [K in keyof typeof SYSCTLS]?: number };

/** The `net.ipv4.vs` settings of the network namespace. Those that this kernel lacks are absent. */
export interface Sysctls extends IntegerSysctls {
  /** Packets of a connection before it is synchronised, and the period after which it is again. */
  readonly sync_threshold?: readonly [threshold: number, period: number];
  /** CPUs that the estimator may run on, as the kernel writes it (Linux 6.2). */
  readonly est_cpulist?: string;
}

/** Folder of the settings. */
export const SYSCTLS_FOLDER = '/proc/sys/net/ipv4/vs';

/** All names, including those of settings that are not one integer. */
const SETTING_NAMES = [...Object.keys(SYSCTLS), 'sync_threshold', 'est_cpulist'] as (keyof Sysctls)[];

const READ_SETTINGS = 'read the settings';
const INTEGER = /^-?\d{1,15}$/;

/** What a file must hold: one line. */
function expectation(name: keyof Sysctls): string {
  if (name === 'est_cpulist') return 'a list of CPUs such as 0-3,8';
  return name === 'sync_threshold' ? 'two integers, threshold and period' : 'an integer';
}

/** The value in a file. Throws ERR_IPVS_PROC for one that the kernel does not write. */
function parseSetting(name: keyof Sysctls, text: string): number | string | readonly [number, number] {
  const trimmed = text.trim();
  const fields = trimmed.split(/[ \t]+/);
  if (name === 'est_cpulist') {
    if (/^[0-9,-]*$/.test(trimmed)) return trimmed;
  } else if (
    fields.length === (name === 'sync_threshold' ? 2 : 1) &&
    fields.every((each) => INTEGER.test(each))
  ) {
    const [first, second] = fields.map(Number) as [number, number?];
    return second === undefined ? first : [first, second];
  }
  throw malformedLine(READ_SETTINGS, `${SYSCTLS_FOLDER}/${name}`, 1, expectation(name), trimmed);
}

/** Reads the settings that this kernel has. Throws ERR_IPVS_PROC. */
export function readSysctls(files: ProcFiles): Sysctls {
  const found: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    try {
      found[name] = parseSetting(name, readProc(files, `${SYSCTLS_FOLDER}/${name}`, READ_SETTINGS));
    } catch (error) {
      if (!IpvsError.is(error) || error.errnoName !== 'ENOENT') throw error;
    }
  }
  return found;
}

/** Checks all settings, then writes them. Throws ERR_IPVS_PROC. */
export function writeSysctls(files: ProcFiles, settings: Sysctls): void {
  for (const [name, text] of settingTexts(settings)) {
    writeProc(files, `${SYSCTLS_FOLDER}/${name}`, text, `set net.ipv4.vs.${name} to ${text}`);
  }
}

/** Checks settings; returns what to write, by name. */
function settingTexts(settings: Sysctls): [name: keyof Sysctls, text: string][] {
  if (typeof settings !== 'object' || (settings as unknown) === null)
    throw wrongType('settings', 'an object', settings);
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name as keyof Sysctls, settingText(name, value)]);
}

function settingText(name: string, value: unknown): string {
  const path = `settings.${name}`;
  if (name === 'est_cpulist') {
    if (typeof value === 'string' && /^[0-9,-]*$/.test(value)) return value;
    throw wrongType(path, 'a list of CPUs such as 0-3,8', value);
  }
  if (name === 'sync_threshold') {
    const pair = 'an array of threshold and period, the threshold below the period unless that is 0';
    if (!Array.isArray(value) || value.length !== 2) throw wrongType(path, pair, value);
    const [threshold, period] = value.map((each, index) =>
      checkInteger(`${path}[${index}]`, each, 0, INT_MAX),
    ) as [number, number];
    if (period !== 0 && threshold >= period) throw outOfRange(path, pair, value);
    return `${threshold} ${period}`;
  }
  if (!Object.hasOwn(SYSCTLS, name))
    throw wrongType(path, `absent; the settings are ${SETTING_NAMES.join(', ')}`, value);
  const { minimum, maximum } = SYSCTLS[name as keyof typeof SYSCTLS];
  const number = checkInteger(path, value, minimum, maximum);
  if (name === 'sync_ports' && (number & (number - 1)) !== 0)
    throw outOfRange(path, 'a power of two from 1 to 64', number);
  return String(number);
}
