/** Lines: steps of three words, carried out with the words of a record. */
import { address4, address6, blanks, copy, decimal, full, name, scaled } from './text';
import { wordOf } from './record';

const LITERAL: u32 = 1;
const DECIMAL: u32 = 2;
const ADDRESS: u32 = 3;
const WORD: u32 = 4;
const NAME: u32 = 5;
const MARK: u32 = 6;
const PAD: u32 = 7;
const ADDRESS6: u32 = 8;
const FULL: u32 = 9;
const SCALED: u32 = 10;
const NAMED: u32 = 11;
const KEPT: u32 = 12;
const SKIP: u32 = 13;
const SKIP_UNLESS: u32 = 14;
const SKIP_IF: u32 = 15;
/** A number of 32 bits, and blanks up to a width. */
const CELL: u32 = 16;

/** The most that a line takes; who makes lines sees to it, and up to seven bytes more may be written. */
export const LINE_BYTES: u32 = 512;

/** A text that lines have in common, and its length. */
const KEPT_TEXT: u32 = <u32>memory.data(512);
let keptLength: u32 = 0;

/** Keeps the text of a line, for other lines. */
export function keep(line: u32, record: u32): void {
  keptLength = writeLine(KEPT_TEXT, line, record) - KEPT_TEXT;
}

/** Writes a line; where it ends. */
export function writeLine(to: u32, line: u32, record: u32): u32 {
  let mark = to;
  let step = line;
  while (true) {
    const first = load<u32>(step + 4);
    const second = load<u32>(step + 8);
    switch (load<u32>(step)) {
      case LITERAL: {
        to = copy(to, first, second);
        break;
      }
      case DECIMAL: {
        to = decimal(to, load<u32>(record + first));
        break;
      }
      case CELL: {
        const end = to + second;
        to = blanks(decimal(to, load<u32>(record + first)), end);
        break;
      }
      case ADDRESS: {
        to = address4(to, load<u32>(record + first));
        break;
      }
      case WORD: {
        const entry = wordOf(second, load<u32>(record + first));
        to = copy(to, load<u32>(entry + 4), load<u32>(entry + 8));
        break;
      }
      case NAME: {
        to = name(to, record + first);
        break;
      }
      case MARK: {
        mark = to;
        break;
      }
      case PAD: {
        to = blanks(to, mark + first);
        break;
      }
      case ADDRESS6: {
        to = address6(to, record + first);
        break;
      }
      case FULL: {
        to = full(to, load<u64>(record + first));
        break;
      }
      case SCALED: {
        to = scaled(to, load<u64>(record + first));
        break;
      }
      case NAMED: {
        const text = load<u32>(record + first);
        to = copy(to, text + 4, load<u32>(text));
        break;
      }
      case KEPT: {
        to = copy(to, KEPT_TEXT, keptLength);
        break;
      }
      case SKIP: {
        step += first;
        break;
      }
      // The value, below 32, is none of a set of bits; or it is one value. Then steps are left out.
      case SKIP_UNLESS: {
        if (((load<u32>(second) >> load<u32>(record + first)) & 1) == 0) step += load<u32>(second + 4);
        break;
      }
      case SKIP_IF: {
        if (load<u32>(record + first) == load<u32>(second)) step += load<u32>(second + 4);
        break;
      }
      default:
        return to;
    }
    step += 12;
  }
}
