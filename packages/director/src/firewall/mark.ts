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

/** Takes the other mark as it is, or the bits of it and of the own one that masks name. */
export function copyMark(own = 0xffffffff, other = 0xffffffff): MarkChange {
  return { copy: true, keep: ~own >>> 0, take: other >>> 0 };
}

/** A packet after a rule that matched it: with its new marks, and untracked if the rule says so. */
export function changeMarks(rule: Rule, packet: Packet): Packet {
  if (rule.mark === undefined && rule.connectionMark === undefined && rule.untrack !== true) return packet;
  let { mark = 0, connectionMark = 0 } = packet;
  for (const change of rule.mark ?? []) mark = changed(mark, change, connectionMark);
  for (const change of rule.connectionMark ?? []) connectionMark = changed(connectionMark, change, mark);
  return { ...packet, mark, connectionMark, ...(rule.untrack === true && { state: 'untracked' as const }) };
}

type Mark = number | 'unknown';

function changed(mark: Mark, change: MarkChange, other: Mark): Mark {
  if (change === 'unknown') return 'unknown';
  const flip = 'copy' in change ? (other === 'unknown' ? other : other & change.take) : change.flip;
  if (flip === 'unknown') return flip;
  if (mark === 'unknown') return change.keep === 0 ? flip >>> 0 : 'unknown';
  return ((mark & change.keep) ^ flip) >>> 0;
}
