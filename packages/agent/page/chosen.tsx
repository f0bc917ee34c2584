import type { JSX } from 'preact';
import { countText, spanText } from '../src/page/view/page-text.js';
import type { CheckDetails } from '../src/page/wire.js';
import { Weight } from './destination-line.js';
import type { Details } from './details.js';
import { EventList } from './events.js';
import { State } from './icons.js';
import { Ticks } from './pictures.js';
import type { View } from './view.js';

const MOST_EVENTS = 12;

/** The chosen destination: all that is known of it. */
export function Chosen({
  view,
  details,
}: {
  readonly view: View;
  readonly details: Details;
}): JSX.Element | null {
  const line = view.active;
  if (line?.kind !== 'destination') return null;
  const [name, state, weight, declaredWeight, since, reason] = line.row;
  const service = line.service.name;
  const known = details.get(service, name);
  const events = view.model.events
    .filter((event) => event.service === service && event.destination === name)
    .slice(-MOST_EVENTS)
    .reverse();
  return (
    <section class="panel chosen" aria-label={`Destination ${name}`}>
      <div class="title">
        <h2 class="code">{name}</h2>
        <button type="button" class="close" aria-label="Close" onClick={() => view.choose(undefined)}>
          ✕
        </button>
      </div>
      <p class="soft code">{service}</p>
      <p class="reason">
        <State state={state} /> for {spanText(view.clock.now - since)}: {reason}
      </p>
      <dl class="pairs">
        <dt>Weight</dt>
        <dd>
          <Weight weight={weight} declared={declaredWeight} />
        </dd>
        <dt>Connections</dt>
        <dd>
          {known === undefined || known.active === null
            ? 'not in the table'
            : `${countText(known.active)} active, ${countText(known.inactive ?? 0)} inactive`}
        </dd>
        <dt>Forwarding</dt>
        <dd>{known?.forwarding ?? '–'}</dd>
      </dl>
      <h3>Checks</h3>
      {known?.checks.length === 0 && <p class="soft">It has no checks, so it is always up.</p>}
      <ul class="checks">
        {known?.checks.map((check, index) => (
          <Check key={index} check={check} view={view} />
        ))}
      </ul>
      {events.length > 0 && <h3>Events</h3>}
      <EventList events={events} view={view} isShort />
    </section>
  );
}

function Check({ check, view }: { readonly check: CheckDetails; readonly view: View }): JSX.Element {
  const { name, result, reason, milliseconds, at, ticks } = check;
  return (
    <li class={result === 'failed' ? 'failed' : ''}>
      <div class="head">
        <strong>{name}</strong>
        <span class={`result ${result?.replace(' ', '-') ?? ''}`}>{result ?? 'not run yet'}</span>
        <span class="soft">
          {milliseconds !== null &&
            `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`}
          {at !== null && `, ${spanText(view.clock.now - at)} ago`}
        </span>
      </div>
      <Ticks ticks={ticks} name={name} />
      <p class="soft">{reason}</p>
    </li>
  );
}
