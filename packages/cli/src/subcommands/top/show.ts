/** The live screen: it takes samples and keys, and draws frames. */
import type { WatchSample } from '@ipvs-ts/ipvs';
import type { Screen, ScreenEvent } from '../framework/io.js';
import type { Style } from './body.js';
import { Arranger } from './rows/arrangement.js';
import { Frame } from './frame.js';
import { KeyReader } from './keys.js';
import { picture } from './screen.js';
import type { States } from './rows/states.js';
import { type Extent, FIRST_VIEW, press, type View } from './rows/view.js';

/** What ended it: the key `q`, Ctrl-C, or the terminal. */
export type ShowEnd = 'quit' | 'interrupted' | 'gone';

/** A screen that shows the latest sample in the current view. */
export class Show {
  readonly #style: Style;
  readonly #end: (how: ShowEnd) => void;
  readonly #keys = new KeyReader();
  readonly #frame = new Frame();
  readonly #arranger = new Arranger();
  #screen: Screen | undefined;
  #sample: WatchSample | undefined;
  #states: States | undefined;
  #view: View = FIRST_VIEW;
  #extent: Extent = { rows: 0, page: 1 };

  /** Calls `end` when it should end. */
  constructor(style: Style, end: (how: ShowEnd) => void) {
    this.#style = style;
    this.#end = end;
  }

  /** Draws on `screen` from now on. */
  start(screen: Screen): void {
    this.#screen = screen;
    this.#draw();
  }

  /** Shows a sample. */
  show(sample: WatchSample): void {
    this.#sample = sample;
    this.#draw();
  }

  /** Shows the states of a running agent; undefined if none answers. */
  tell(states: States | undefined): void {
    if (states === this.#states) return;
    this.#states = states;
    this.#draw();
  }

  /** Handles an event of the screen. */
  hear(event: ScreenEvent): void {
    if (event.kind === 'end') this.#end('gone');
    else if (event.kind === 'redraw') this.#frame.forget();
    else for (const key of this.#keys.read(event.bytes)) this.#press(key);
    this.#draw();
  }

  #press(key: string): void {
    if (key === 'q' && !this.#view.typing) this.#end('quit');
    else if (key === 'ctrl-c') this.#end('interrupted');
    else if (key === 'ctrl-z') this.#screen?.suspend();
    else if (key === 'ctrl-l') this.#frame.forget();
    else this.#view = press(this.#view, key, this.#extent);
  }

  #draw(): void {
    if (this.#screen === undefined) return;
    const size = this.#screen.size();
    if (this.#sample === undefined) {
      this.#screen.write(this.#frame.draw(['reading the table …'.slice(0, size.columns)], size));
      return;
    }
    const { lines, extent } = picture(
      { sample: this.#sample, rows: this.#arranger.arrange(this.#sample, this.#view, this.#states) },
      this.#view,
      size,
      this.#style,
    );
    this.#extent = extent;
    this.#screen.write(this.#frame.draw(lines, size));
  }
}
