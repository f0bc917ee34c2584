/** Command lines from the tables of commands and options. */
import { type Command, type CommandName, COMMANDS } from '../../../dist/ipvsadm/language/commands.js';
import {
  type Option,
  type OptionClass,
  type OptionName,
  OPTIONS,
} from '../../../dist/ipvsadm/language/options.js';
import type { Source } from './source.js';
import { type UsualService, usualService } from './usual.js';
import { daemonState, timeoutWord, valueFor } from './values.js';

/** A command or an option, before it is spelled. */
export interface Piece {
  readonly long: string;
  readonly shorts: readonly string[];
  /** Absent: the option takes none, or is used without. */
  readonly value?: string;
}

/** A command line before it is spelled. */
export interface Line {
  readonly command: Piece;
  readonly pieces: readonly Piece[];
  readonly plain: readonly string[];
}

/** How often each command comes up. */
const FREQUENCIES: Record<CommandName, number> = {
  'add-service': 16,
  'edit-service': 9,
  'delete-service': 4,
  clear: 1,
  restore: 4,
  save: 3,
  'add-server': 22,
  'edit-server': 12,
  'delete-server': 8,
  list: 14,
  zero: 3,
  set: 3,
  'start-daemon': 3,
  'stop-daemon': 2,
  help: 1,
  version: 1,
};

const DRAWN = COMMANDS.flatMap((command) => Array.from({ length: FREQUENCIES[command.long] }, () => command));

/** Each tunnel type with what it must and may have. */
const TUNNELS: readonly (readonly OptionName[])[] = [
  [],
  ['tun-type'],
  ['tun-type', 'tun-port'],
  ['tun-type', 'tun-port', 'tun-csum'],
  ['tun-type', 'tun-csum'],
  ['tun-port', 'tun-remcsum'],
];

/** A command line that keeps the rules of its command, if perhaps not those of the values. */
export function drawLine(source: Source): Line {
  const command = source.pick(DRAWN);
  const options = drawOptions(command, source);
  const pieces = options.map((option) => optionPiece(option, source));
  const plain = command.long === 'set' ? [0, 1, 2].map(() => timeoutWord(source)) : [];
  return { command: commandPiece(command, source), pieces: fitting(command, pieces, source), plain };
}

/** A command, with its argument if it has one. */
export function commandPiece({ long, shorts, argument }: Command, source: Source, odd = false): Piece {
  return argument === 'none' ? { long, shorts } : { long, shorts, value: daemonState(source, odd) };
}

/** An option, with a value if it takes one. */
export function optionPiece(option: Option & { long: OptionName }, source: Source, odd = false): Piece {
  const { long, short, argument } = option;
  const shorts = short === undefined ? [] : [short];
  if (argument === 'none' || (argument === 'optional' && source.chance(0.3))) return { long, shorts };
  return { long, shorts, value: valueFor(long, source, odd) };
}

function drawOptions(
  { required = [], allowed = [], exclusive = [] }: Command,
  source: Source,
): (Option & { long: OptionName })[] {
  const rare = source.chance(0.5) ? 0.12 : 0.35;
  const classes: OptionClass[] = [
    ...required,
    ...source.some(
      allowed.filter((name) => !name.startsWith('tun-') || name === 'tun-info'),
      rare,
    ),
  ];
  if (exclusive.length > 0 && source.chance(0.6)) classes.push(source.pick(exclusive));
  const options = classes.map((name) => source.pick(OPTIONS.filter((option) => option.class === name)));
  const tunnel = allowed.includes('tun-type') && source.chance(0.25) ? source.pick(TUNNELS) : undefined;
  if (!tunnel) return options;
  return [
    ...options.filter((option) => option.class !== 'forwarding-method'),
    ...OPTIONS.filter(({ long }) => long === 'ipip' || tunnel.includes(long)),
  ];
}

/** Makes most of the choices go together, which they rarely would by chance; and puts them in some order. */
function fitting(command: Command, pieces: readonly Piece[], source: Source): Piece[] {
  const usual = source.chance(command.long === 'add-service' ? 0.3 : 0.8) ? usualService(source) : undefined;
  const scheduler = pieces.find(({ long }) => long === 'scheduler')?.value;
  const fitted = pieces.map((piece) => {
    if (piece.long.endsWith('-service')) return usual ? servicePiece(usual) : piece;
    if (source.chance(0.15)) return piece;
    if (piece.long === 'real-server' && usual) return { ...piece, value: source.pick(usual.servers)[0] };
    return piece.long === 'sched-flags' ? { ...piece, value: fittingFlags(scheduler) } : piece;
  });
  const ordered = source.chance(0.4) ? source.shuffled(fitted) : fitted;
  const mark = ordered.findIndex(({ long }) => long === 'fwmark-service');
  if (mark < 0 || !(usual ? usual.ipv6 : source.chance(0.4))) return ordered;
  return ordered.toSpliced(mark + 1, 0, { long: 'ipv6', shorts: ['6'] });
}

function servicePiece({ option, value }: UsualService): Piece {
  const short = OPTIONS.find(({ long }) => long === option)?.short;
  return { long: option, shorts: short === undefined ? [] : [short], value };
}

function fittingFlags(scheduler: string | undefined): string {
  if (scheduler === 'sh') return 'sh-port,sh-fallback';
  return scheduler === 'mh' ? 'mh-fallback' : 'flag-1,flag-3';
}
