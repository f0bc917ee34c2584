import type { Packet } from './packet.js';
import type { MarkChange, Rule } from './rule.js';

/** Sets the bits of `mask` to those of `value` and keeps the others, as `--set-mark` does. */
export function setMark(value: number, mask = 0xffffffff): MarkChange {
  return { keep: ~(mask | value) >>> 0, flip: value >>> 0 };
}

/** Clears the bits of `mask` and inverts those of `value`, as `--set-xmark` does. */
export function setXmark(value: number, mask = 0xffffffff): MarkChange {
  return { keep: ~mask >>> 0, flip: value >>> 0 };
}

/** A packet after a rule that matched it: with its new marks, and untracked if the rule says so. */
export function changeMarks(rule: Rule, packet: Packet): Packet {
  if (rule.mark === undefined && rule.connectionMark === undefined && rule.untrack !== true) return packet;
  let { mark = 0, connectionMark = 0 } = packet;
  for (const change of rule.mark ?? [])
    mark = change === 'connection' ? connectionMark : changed(mark, change);
  for (const change of rule.connectionMark ?? [])
    connectionMark = change === 'packet' ? mark : changed(connectionMark, change);
  return { ...packet, mark, connectionMark, ...(rule.untrack === true && { state: 'untracked' as const }) };
}

function changed(mark: number | 'unknown', change: Exclude<MarkChange, 'connection'>): number | 'unknown' {
  if (change === 'unknown') return 'unknown';
  if (mark === 'unknown') return change.keep === 0 ? change.flip : 'unknown';
  return ((mark & change.keep) ^ change.flip) >>> 0;
}
