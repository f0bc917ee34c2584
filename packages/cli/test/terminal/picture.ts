/** Pictures of a terminal: rows of text with the sequences for colour → SVG, for light and dark pages. */

/** Width and height of a character, and the room around the screen, in pixels. */
const CELL = { width: 8, height: 18 };
const MARGIN = 14;

/** How characters look. */
interface Look {
  readonly colour: '' | 'red' | 'green' | 'yellow';
  readonly bold: boolean;
  readonly faint: boolean;
  readonly reverse: boolean;
}

const PLAIN: Look = { colour: '', bold: false, faint: false, reverse: false };

/** What each number of a sequence changes. */
const CODES: Readonly<Record<string, Partial<Look>>> = {
  '': PLAIN,
  '0': PLAIN,
  '1': { bold: true },
  '2': { faint: true },
  '7': { reverse: true },
  '22': { bold: false, faint: false },
  '27': { reverse: false },
  '31': { colour: 'red' },
  '32': { colour: 'green' },
  '33': { colour: 'yellow' },
  '39': { colour: '' },
  '49': {}, // nothing has a background
};

/** Characters that look alike, from a column on. */
interface Run {
  readonly column: number;
  readonly text: string;
  readonly look: Look;
}

/** The colours are those of the other pictures. */
const STYLE = `
    text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2328; white-space: pre }
    .screen { fill: #f6f8fa; stroke: #818b98 }
    .bar, .reversed { fill: #1f2328 }
    .faint { fill: #59636e }
    .red { fill: #cf222e }
    .green { fill: #1a7f37 }
    .yellow { fill: #9a6700 }
    .bold { font-weight: bold }
    .over { fill: #f6f8fa }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .screen { fill: #151b23; stroke: #656c76 }
      .bar, .reversed { fill: #f0f6fc }
      .faint { fill: #9198a1 }
      .red { fill: #ff7b72 }
      .green { fill: #3fb950 }
      .yellow { fill: #d29922 }
      .over { fill: #151b23 }
    }
  `;

/** A picture of `rows`, with `title` for screen readers. Throws on a sequence or character that it cannot draw. */
export function picture(title: string, rows: readonly string[], columns: number): string {
  const width = columns * CELL.width + 2 * MARGIN;
  const height = rows.length * CELL.height + 2 * MARGIN;
  const screen = `<rect class="screen" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `  <title>${escaped(title)}</title>`,
    `  <style>${STYLE}</style>`,
    `  ${screen}`,
    ...runs(rows).flatMap((found, index) => found.flatMap((run) => drawn(run, MARGIN + index * CELL.height))),
    '</svg>',
    '',
  ].join('\n');
}

/** The runs of each row. What is set in one row holds in the next, as it does in a terminal. */
function runs(rows: readonly string[]): Run[][] {
  let look = PLAIN;
  return rows.map((row) => {
    const found: Run[] = [];
    look = readRow(row, look, found);
    return found;
  });
}

function readRow(row: string, before: Look, found: Run[]): Look {
  let look = before;
  let column = 0;
  for (const [index, part] of row.split(/\u001b\[([\d;]*)m/).entries()) {
    if (index % 2 === 1) {
      for (const code of part.split(';')) look = { ...look, ...change(code) };
      continue;
    }
    if (/[^ -~…█-▏]/.test(part)) throw new Error(`cannot draw ${JSON.stringify(part)}`);
    // A bar is drawn, not written: fonts do not agree how wide it is.
    for (const text of part.match(/[█-▏]+|[^█-▏]+/g) ?? []) {
      found.push({ column, text, look });
      column += text.length;
    }
  }
  return look;
}

function change(code: string): Partial<Look> {
  const look = CODES[code];
  if (look === undefined) throw new Error(`cannot draw the colour ${code}`);
  return look;
}

function drawn({ column, text, look }: Run, top: number): string[] {
  const x = MARGIN + column * CELL.width;
  const width = text.length * CELL.width;
  const back = look.reverse ? [`  <rect class="reversed" ${box(x, top, width, CELL.height)}/>`] : [];
  if (/[█-▏]/.test(text))
    return [...back, `  <rect class="${look.colour || 'bar'}" ${box(x, top + 3, barWidth(text), 12)}/>`];
  if (text.trim() === '') return back;
  const names = [look.reverse ? 'over' : look.colour, look.bold && 'bold', look.faint && 'faint'];
  const style = names.filter((name) => typeof name === 'string' && name !== '').join(' ');
  const place = `x="${x}" y="${top + 13}" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"`;
  return [...back, `  <text${style === '' ? '' : ` class="${style}"`} ${place}>${escaped(text)}</text>`];
}

/** Whole blocks, and the last one's eighths. */
function barWidth(text: string): number {
  let eighths = 0;
  for (const block of text) eighths += ' ▏▎▍▌▋▊▉█'.indexOf(block);
  return (eighths / 8) * CELL.width;
}

function box(x: number, y: number, width: number, height: number): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
