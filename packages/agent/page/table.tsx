import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Line, mostDrawn, windowOf } from '../src/page/view/lines.js';
import type { Details } from './details.js';
import { DestinationColumns, DestinationLine } from './destination-line.js';
import { ServiceColumns, ServiceLine } from './service-line.js';
import type { View } from './view.js';

/** Below this width of the table, a line has two rows. It is that of the style. */
const NARROW = 700;
const LINE = 32;
const NARROW_LINE = 58;

/** The services as a table of which only what is seen is drawn. */
export function Table({ view, details }: { readonly view: View; readonly details: Details }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [size, setSize] = useState({ width: 1000, height: 600 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(box.current as HTMLDivElement);
    return () => observer.disconnect();
  }, []);
  const { lines, active } = view;
  const height = size.width < NARROW ? NARROW_LINE : LINE;
  const head = size.width < NARROW ? 0 : LINE;
  const { first, end } = windowOf(lines.length, height, scrolled, size.height);
  const drawn = lines.slice(first, end);
  // Elements of lines that are no longer seen are used for those that are.
  const most = mostDrawn(height, size.height);
  useLayoutEffect(() => {
    details.want(
      drawn.flatMap((line) =>
        line.kind === 'destination' ? [{ service: line.service.name, destination: line.row[0] }] : [],
      ),
    );
    const id = view.takeToShow();
    const at = id === undefined ? -1 : lines.findIndex((line) => line.id === id);
    if (at >= 0) show(box.current as HTMLDivElement, at * height, height, head);
  });
  return (
    <div
      ref={box}
      id="table"
      class={`table ${size.width < NARROW ? 'narrow' : ''}`}
      role="treegrid"
      aria-label="Services and their destinations"
      aria-rowcount={lines.length + 1}
      aria-colcount={8}
      tabIndex={0}
      aria-activedescendant={active !== undefined && drawn.includes(active) ? elementId(active) : undefined}
      style={{ '--lines': lines.length, '--line-height': `${height}px` }}
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (view.tableKey(event.key, Math.max(1, Math.floor(size.height / height) - 2)))
          event.preventDefault();
      }}
    >
      <ServiceColumns />
      <div class="space" role="rowgroup" style={{ height: `${lines.length * height}px` }}>
        {drawn.map((line, index) => (
          <LineAt
            key={(first + index) % most}
            line={line}
            at={first + index}
            height={height}
            view={view}
            details={details}
            isActive={line === active}
          />
        ))}
      </div>
      {lines.length === 0 && (
        <p class="nothing" role="row">
          <span role="gridcell">
            {view.filter === ''
              ? 'No document with services is in force yet.'
              : `Nothing matches “${view.filter}”.`}
          </span>
        </p>
      )}
    </div>
  );
}

function LineAt(props: {
  readonly line: Line;
  readonly at: number;
  readonly height: number;
  readonly view: View;
  readonly details: Details;
  readonly isActive: boolean;
}): JSX.Element {
  const { line, at, height, view, details, isActive } = props;
  const place = {
    id: elementId(line),
    'aria-rowindex': at + 2,
    style: { top: `${at * height}px`, height: `${height}px` },
  };
  if (line.kind === 'columns') return <DestinationColumns place={place} />;
  if (line.kind === 'service')
    return <ServiceLine place={place} line={line} view={view} isActive={isActive} />;
  return <DestinationLine place={place} line={line} view={view} details={details} isActive={isActive} />;
}

function elementId({ id }: Line): string {
  return `line ${id}`.replace(/\s+/g, '_');
}

/** Scrolls a line into what is seen, below the head of the table. */
function show(box: HTMLElement, top: number, height: number, head: number): void {
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height + head > box.scrollTop + box.clientHeight)
    box.scrollTop = top + height + head - box.clientHeight;
}
