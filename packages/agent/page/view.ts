import { type Line, linesOf, moved } from '../src/page/view/lines.js';
import { type Message, PageModel } from '../src/page/view/page-model.js';
import { type Totals, totalsOf } from '../src/page/view/totals.js';
import type { Clock } from './clock.js';

/** Events that are drawn at first, and how many more at a time. */
const EVENTS = 40;

/** What is shown of the model: filter, open services, the chosen line. */
export class View {
  readonly model = new PageModel();
  readonly clock: Clock;
  readonly #draw: () => void;
  readonly #opened = new Set<string>();
  #filter = '';
  #active: string | undefined;
  #lines: readonly Line[] = [];
  #linesOf = '';
  #toShow: string | undefined;
  #found:
    { readonly lines: readonly Line[]; readonly services: number; readonly destinations: number } | undefined;
  #totals: { readonly version: number; readonly totals: Totals } | undefined;
  events = EVENTS;
  /** The id of the last message. */
  lastId = '';

  constructor(clock: Clock, draw: () => void) {
    this.clock = clock;
    this.#draw = draw;
  }

  receive(message: Message, id: string): void {
    this.model.apply(message);
    this.lastId = id;
    this.#draw();
  }

  get filter(): string {
    return this.#filter;
  }

  set filter(filter: string) {
    const { active } = this;
    this.#filter = filter;
    if (filter === '' && active !== undefined) {
      // What was found and chosen stays in sight.
      if (active.kind === 'destination') this.#opened.add(active.service.name);
      this.#toShow = active.id;
    }
    this.#draw();
  }

  /** All services together. */
  get totals(): Totals {
    const { version } = this.model;
    if (this.#totals?.version !== version) this.#totals = { version, totals: totalsOf(this.model) };
    return this.#totals.totals;
  }

  /** The lines of the table. */
  get lines(): readonly Line[] {
    const key = `${this.model.version} ${this.#opened.size} ${[...this.#opened].join()} ${this.#filter}`;
    if (key !== this.#linesOf) {
      this.#lines = linesOf(this.model.services, this.#filter, this.#opened);
      this.#linesOf = key;
    }
    return this.#lines;
  }

  /** How many services and destinations the filter has found. */
  get found(): { readonly services: number; readonly destinations: number } {
    const { lines } = this;
    if (this.#found?.lines !== lines) {
      const services = lines.filter(({ kind }) => kind === 'service').length;
      const destinations = lines.filter(({ kind }) => kind === 'destination').length;
      this.#found = { lines, services, destinations };
    }
    return this.#found;
  }

  /** The chosen line; undefined: none is. */
  get active(): Line | undefined {
    return this.#active === undefined ? undefined : this.lines.find(({ id }) => id === this.#active);
  }

  /** The id of a line that is to be scrolled to, once. */
  takeToShow(): string | undefined {
    const id = this.#toShow;
    this.#toShow = undefined;
    return id;
  }

  choose(line: Line | undefined, show = false): void {
    this.#active = line?.id;
    if (show) this.#toShow = line?.id;
    this.#draw();
  }

  toggle(service: string, open = !this.#opened.has(service)): void {
    if (open) this.#opened.add(service);
    else this.#opened.delete(service);
    this.#draw();
  }

  moreEvents(): void {
    this.events += 100;
    this.#draw();
  }

  /** A key in the table; whether it meant something. `page`: lines of a screen. */
  tableKey(key: string, page: number): boolean {
    const { lines, active } = this;
    const at = active === undefined ? -1 : lines.indexOf(active);
    const by = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -lines.length,
      End: lines.length,
    }[key];
    if (by !== undefined) {
      this.choose(lines[at < 0 && by < 0 ? 0 : moved(lines, at, by)], true);
      return true;
    }
    if (active === undefined) return false;
    const { name } = active.service;
    if (key === 'ArrowRight' && active.kind === 'service') this.toggle(name, true);
    else if (key === 'ArrowLeft') {
      if (active.kind === 'service') this.toggle(name, false);
      else
        this.choose(
          lines.find(({ id }) => id === name),
          true,
        );
    } else if ((key === 'Enter' || key === ' ') && active.kind === 'service') this.toggle(name);
    else return false;
    return true;
  }

  /** A key anywhere. */
  key(event: KeyboardEvent): void {
    const field = document.getElementById('filter') as HTMLInputElement | null;
    if (event.key === '/' && document.activeElement !== field && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field?.focus();
      field?.select();
    } else if (event.key === 'Escape' && (this.#filter !== '' || document.activeElement === field)) {
      this.filter = '';
      document.getElementById('table')?.focus();
    } else if (event.key === 'Escape') this.choose(undefined);
  }

  /** What the tab of the browser says. */
  get title(): string {
    const { head } = this.model;
    if (this.clock.isSilent) return '⚠ silent · ipvs-ts';
    if (head === undefined) return 'ipvs-ts';
    return `${head.fit ? '' : '✕ not fit · '}${head.doubt === null ? '' : '? doubt · '}${head.id} · ipvs-ts`;
  }
}
