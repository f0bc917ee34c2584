import type { JSX } from 'preact';
import type { AgentEvent } from '../src/report/event-log.js';
import { toneOf } from '../src/page/view/page-text.js';
import type { View } from './view.js';

/** What happened, newest first. */
export function Events({ view }: { readonly view: View }): JSX.Element {
  const { events } = view.model;
  const shown = events.slice(-view.events).reverse();
  return (
    <section class="panel events" aria-label="Events">
      <div class="title">
        <h2>Events</h2>
      </div>
      {events.length === 0 && <p class="soft">Nothing has happened yet.</p>}
      <EventList events={shown} view={view} />
      {events.length > shown.length && (
        <button type="button" class="more" onClick={() => view.moreEvents()}>
          Show older events
        </button>
      )}
    </section>
  );
}

/** Events, with their service and destination unless `isShort`. */
export function EventList(props: {
  readonly events: readonly AgentEvent[];
  readonly view: View;
  readonly isShort?: boolean;
}): JSX.Element {
  const { events, view, isShort = false } = props;
  const today = view.clock.wall(view.clock.now).toDateString();
  return (
    <ol class="list">
      {events.map((event) => (
        <li key={event.id} class={`event ${toneOf(event)}`}>
          <time dateTime={event.at} title={event.at}>
            {timeText(new Date(event.at), today)}
          </time>
          <div>
            {!isShort && event.service !== undefined && (
              <span class="code where">
                {event.destination !== undefined && `${event.destination} · `}
                {event.service}
              </span>
            )}
            <span class="said">{event.text}</span>
          </div>
        </li>
      ))}
    </ol>
  );
}

function timeText(time: Date, today: string): string {
  const clock = time.toLocaleTimeString('en-GB');
  return time.toDateString() === today
    ? clock
    : `${time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`;
}
