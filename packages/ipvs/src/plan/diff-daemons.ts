import { addressText, parseAddress } from '../model/address.js';
import { calls } from '../calls/calls.js';
import { type Daemon, DAEMON_STATES, type DaemonOptions, type DaemonState } from '../model/sync-daemon.js';
import { Change } from './change.js';
import type { DesiredDaemon, DesiredDaemons } from '../document/state.js';
import { differences } from '../model/settings.js';

/** The kernel's defaults for absent attributes. */
const DEFAULTS = { syncId: 0, group: '224.0.0.81', port: 8848, ttl: 1 };

/** The shortest message of a backup, and the longest of any by the family of the group. */
const MIN_BACKUP_LENGTH = 1024;
const MAX_LENGTH = { ipv4: 65_535 - 28, ipv6: 65_535 - 48 };

/** The changes to the sync daemons: stops, which come before all other changes, and starts, which come after them. */
export function diffDaemons(
  current: readonly Daemon[],
  desired: DesiredDaemons | undefined,
  prune: boolean,
): { readonly stop: readonly Change[]; readonly start: readonly Change[] } {
  const stop: Change[] = [];
  const start: Change[] = [];
  for (const state of desired === undefined ? [] : DAEMON_STATES) {
    const running = current.find((daemon) => daemon.state === state);
    const wanted = desired?.[state];
    if (running !== undefined && wanted === undefined && prune) stop.push(stopping(running, false));
    if (wanted === undefined) continue;
    const to = effective(state, wanted);
    const from = running === undefined ? undefined : told(running, to);
    const changed = from === undefined ? [] : differences(from, to);
    if (from !== undefined && changed.length === 0) continue;
    if (running !== undefined) stop.push(stopping(running, true));
    start.push(
      new Change({
        kind: 'startDaemon',
        call: calls.startDaemon({ ...wanted, state }),
        daemon: state,
        from,
        to,
        differences: changed,
        replaces: running !== undefined,
      }),
    );
  }
  return { stop, start };
}

function stopping(daemon: Daemon, replaces: boolean): Change {
  const { state } = daemon;
  return new Change({
    kind: 'stopDaemon',
    call: calls.stopDaemon(state),
    daemon: state,
    from: daemon,
    replaces,
  });
}

/** The settings that the kernel derives from a request. By default, the length of messages depends on the interface. */
function effective(state: DaemonState, options: DesiredDaemon): DaemonOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const all = { ...DEFAULTS, ...given, state, interface: options.interface };
  const address = parseAddress(all.group);
  const group = address === undefined ? all.group : addressText(address);
  const { maxLength } = options;
  if (maxLength === undefined) return { ...all, group };
  const longest = MAX_LENGTH[address?.family ?? 'ipv4'];
  const shortest = state === 'backup' ? MIN_BACKUP_LENGTH : 1;
  return { ...all, group, maxLength: Math.min(Math.max(maxLength, shortest), longest) };
}

/**
 * What the kernel reports about a daemon, in the fields of `wanted`. Fields that it does not report (before 4.3) are
 * assumed to match.
 */
function told(running: Daemon, wanted: DaemonOptions): DaemonOptions {
  const { state, syncId, maxLength, group, port, ttl } = running;
  if (maxLength === 0) return { ...wanted, state, interface: running.interface, syncId };
  const shown = { state, interface: running.interface, syncId, group, port, ttl };
  return wanted.maxLength === undefined ? shown : { ...shown, maxLength };
}
