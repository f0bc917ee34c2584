import type { JSX } from 'preact';
import type { Line } from '../src/page/view/lines.js';
import { bytesText, countText, rateText } from '../src/page/view/page-text.js';
import { CapacityBar, Spark } from './pictures.js';
import type { Place } from './place.js';
import type { View } from './view.js';

const COLUMNS = [
  ['name', 'Service'],
  ['cap', 'Capacity'],
  ['in', 'In service'],
  ['active', 'Connections'],
  ['trend', 'New connections, 5 min'],
  ['new', 'New/s'],
  ['bytes', 'In'],
  ['bytes out', 'Out'],
] as const;

/** The heads of the columns of services. */
export function ServiceColumns(): JSX.Element {
  return (
    <div class="line columns service" role="row" aria-rowindex={1}>
      {COLUMNS.map(([name, text]) => (
        <span key={name} class={name} role="columnheader">
          {text}
        </span>
      ))}
    </div>
  );
}

/** A service. */
export function ServiceLine(props: {
  readonly place: Place;
  readonly line: Line & { readonly kind: 'service' };
  readonly view: View;
  readonly isActive: boolean;
}): JSX.Element {
  const { place, line, view, isActive } = props;
  const { service, isOpen } = line;
  const { name, states, destinations } = service;
  const serving = (states.get('up') ?? 0) + (states.get('kept') ?? 0);
  const history = view.model.history(name);
  return (
    <div
      {...place}
      class={`line service ${isActive ? 'active' : ''} ${service.capacity === 0 ? 'dead' : ''}`}
      role="row"
      aria-level={1}
      aria-expanded={isOpen}
      aria-selected={isActive}
      onClick={() => {
        view.choose(line);
        view.toggle(name);
      }}
    >
      <span class="name" role="gridcell">
        <svg class="arrow" viewBox="0 0 10 10" aria-hidden="true">
          <path d={isOpen ? 'M1.5 3L5 7L8.5 3' : 'M3 1.5L7 5L3 8.5'} />
        </svg>
        <span class="code">{name}</span>
        <span class="soft">{service.scheduler}</span>
        {service.guard !== null && <span class="tag warn">held: {service.guard}</span>}
      </span>
      <span class="cap" role="gridcell">
        <CapacityBar share={service.capacity} held={service.guard !== null} />
      </span>
      <span class={`in ${serving < destinations.length ? 'less' : ''}`} role="gridcell">
        {serving.toLocaleString('en')}
        <span class="soft"> of {destinations.length.toLocaleString('en')}</span>
      </span>
      <span class="active" role="gridcell">
        {countText(service.active)}
      </span>
      <span class="trend" role="gridcell">
        {history !== undefined && <Spark values={history} label="New connections in five minutes" />}
      </span>
      <span class="new" role="gridcell">
        {rateText(service.connections)}
      </span>
      <span class="bytes" role="gridcell">
        {bytesText(service.inBytes)}
      </span>
      <span class="bytes out" role="gridcell">
        {bytesText(service.outBytes)}
      </span>
    </div>
  );
}
