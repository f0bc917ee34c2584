import type { AgentEvent } from '../../report/event-log.js';

const UNITS = ['', 'k', 'M', 'G', 'T'] as const;

/** A number in at most four characters and a unit: `0`, `7.5`, `940`, `12.3k`. */
export function countText(value: number): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const text =
    scaled >= 99.95 || Number.isInteger(scaled) ? scaled.toFixed(0) : scaled.toFixed(scaled < 9.995 ? 2 : 1);
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text}${UNITS[unit] as string}`;
}

/** A rate that may be unknown. */
export function rateText(value: number | null): string {
  return value === null ? '–' : countText(value);
}

/** Bytes per second: `1.2 MB/s`. */
export function bytesText(value: number | null): string {
  if (value === null) return '–';
  const text = countText(value);
  const unit = /[kMGT]$/.exec(text)?.[0] ?? '';
  return `${unit === '' ? text : text.slice(0, -1)} ${unit}B/s`;
}

/** A span of time in its two largest units: `42 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** A share from 0 to 1, rounded down so that 100 % means all of it; but a share above 0 is never 0 %. */
export function shareText(share: number): string {
  const percent = Math.floor(share * 100 + 1e-9);
  return share > 0 && percent === 0 ? '<1%' : `${percent}%`;
}

/** A degree of urgency. */
export type Tone = 'good' | 'note' | 'warn' | 'bad';

/** How urgent a state or an event is. */
export function toneOf(event: Pick<AgentEvent, 'kind' | 'text'>): Tone {
  const { kind, text } = event;
  switch (kind) {
    case 'state': {
      const state = /^(?:.* → )?(\w+):/.exec(text)?.[1];
      return state === 'up' ? 'good' : state === 'down' ? 'bad' : state === 'kept' ? 'warn' : 'note';
    }
    case 'fitness':
      return text.includes('not fit') ? 'bad' : 'good';
    case 'document problems':
    case 'kernel':
      return text.includes('again') ? 'good' : 'bad';
    case 'guard':
      return text.startsWith('no guard') ? 'good' : 'warn';
    case 'doubt':
    case 'warning':
    case 'document pending':
    case 'drift':
      return 'warn';
    case 'started':
    case 'document':
    case 'changes':
    case 'drained':
    case 'maintenance':
    case 'store':
      return 'note';
  }
}
