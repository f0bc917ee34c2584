import type { JSX } from 'preact';
import type { Line } from '../src/page/view/lines.js';
import { rateText, spanText } from '../src/page/view/page-text.js';
import type { Details } from './details.js';
import { State } from './icons.js';
import { Ticks } from './pictures.js';
import type { Place } from './place.js';
import type { View } from './view.js';

const COLUMNS = [
  ['state', 'State'],
  ['name', 'Destination'],
  ['weight', 'Weight'],
  ['conns', 'Active'],
  ['idle', 'Inactive'],
  ['since', 'For'],
  ['strip', 'Last checks'],
  ['reason', 'Reason'],
] as const;

/** The heads of the columns of destinations. */
export function DestinationColumns({ place }: { readonly place: Place }): JSX.Element {
  return (
    <div {...place} class="line columns destination" role="row" aria-level={2}>
      {COLUMNS.map(([name, text]) => (
        <span key={name} class={`at-${name}`} role="columnheader">
          {text}
        </span>
      ))}
    </div>
  );
}

/** A destination. */
export function DestinationLine(props: {
  readonly place: Place;
  readonly line: Line & { readonly kind: 'destination' };
  readonly view: View;
  readonly details: Details;
  readonly isActive: boolean;
}): JSX.Element {
  const { place, line, view, details, isActive } = props;
  const [name, state, weight, declaredWeight, since, reason] = line.row;
  const known = details.get(line.service.name, name);
  const [check] = known?.checks.toSorted((one, other) => failures(other.ticks) - failures(one.ticks)) ?? [];
  return (
    <div
      {...place}
      class={`line destination ${isActive ? 'active' : ''} is-${state}`}
      role="row"
      aria-level={2}
      aria-selected={isActive}
      onClick={() => view.choose(isActive ? undefined : line)}
    >
      <span class="at-state" role="gridcell">
        <State state={state} />
      </span>
      <span class="at-name code" role="gridcell">
        {name}
      </span>
      <span class="at-weight" role="gridcell">
        <Weight weight={weight} declared={declaredWeight} />
      </span>
      <span class="at-conns" role="gridcell">
        {rateText(known?.active ?? null)}
      </span>
      <span class="at-idle" role="gridcell">
        {rateText(known?.inactive ?? null)}
      </span>
      <span class="at-since" role="gridcell">
        {spanText(view.clock.now - since)}
      </span>
      <span class="at-strip" role="gridcell">
        {check !== undefined && <Ticks ticks={check.ticks} name={check.name} />}
      </span>
      <span class="at-reason" role="gridcell" title={reason}>
        {reason}
      </span>
    </div>
  );
}

/** The weight in the table, and the declared one where that differs. */
export function Weight({
  weight,
  declared,
}: {
  readonly weight: number | null;
  readonly declared: number;
}): JSX.Element {
  if (weight === declared) return <span>{weight}</span>;
  return (
    <span>
      {weight ?? 'absent'}
      <span class="soft"> of {declared}</span>
    </span>
  );
}

function failures(ticks: readonly number[]): number {
  return ticks.filter((tick) => tick < 0).length;
}
