import type { JSX } from 'preact';
import type { DestinationState } from '../src/compose/composed.js';
import { bytesText, countText, rateText, spanText } from '../src/page/view/page-text.js';
import { StateIcon } from './icons.js';
import { Spark } from './pictures.js';
import type { View } from './view.js';

const STATES: readonly DestinationState[] = [
  'up',
  'kept',
  'down',
  'unknown',
  'draining',
  'maintenance',
  'manual',
];

/** The band above all: fit or not, what there is, and whether the page can be believed. */
export function Band({ view }: { readonly view: View }): JSX.Element {
  const { head } = view.model;
  return (
    <header class="band">
      <div class="who">
        <h1>{head?.id ?? 'ipvs-ts'}</h1>
        {head !== undefined && <Fit view={view} />}
        {head?.observe === true && <span class="tag">observes only</span>}
      </div>
      {head !== undefined && (
        <div class="facts">
          <Revision view={view} />
          <Numbers view={view} />
        </div>
      )}
      <LiveClock view={view} />
    </header>
  );
}

function Fit({ view }: { readonly view: View }): JSX.Element {
  const { head } = view.model;
  if (view.clock.isSilent) return <strong class="fit unknown">not known</strong>;
  if (head?.ready !== true) return <strong class="fit unknown">starting</strong>;
  return head.fit ? (
    <strong class="fit yes">
      <StateIcon state="up" />
      fit
    </strong>
  ) : (
    <strong class="fit no">
      <StateIcon state="down" />
      not fit
    </strong>
  );
}

function Revision({ view }: { readonly view: View }): JSX.Element {
  const document = view.model.head?.document;
  const loadedAt = document?.loadedAt ?? null;
  const { now } = view.clock;
  return (
    <dl class="numbers">
      <div>
        <dt>Document</dt>
        <dd class="code">{document?.revision ?? 'none'}</dd>
      </div>
      {loadedAt !== null && (
        <div>
          <dt>In force for</dt>
          <dd>{spanText(now - loadedAt)}</dd>
        </div>
      )}
    </dl>
  );
}

function Numbers({ view }: { readonly view: View }): JSX.Element {
  const { totals } = view;
  return (
    <>
      <dl class="numbers">
        <div>
          <dt>Services</dt>
          <dd>{totals.services.toLocaleString('en')}</dd>
        </div>
        <div class="wide">
          <dt>Destinations</dt>
          <dd class="chips">
            {totals.destinations === 0 && '0'}
            {STATES.filter((state) => totals.states.has(state)).map((state) => (
              <button
                key={state}
                type="button"
                class={`chip state-${state}`}
                aria-pressed={view.filter === state}
                onClick={() => (view.filter = view.filter === state ? '' : state)}
              >
                <StateIcon state={state} />
                {(totals.states.get(state) ?? 0).toLocaleString('en')} {state}
              </button>
            ))}
          </dd>
        </div>
      </dl>
      <dl class="numbers traffic">
        <div>
          <dt>Connections</dt>
          <dd>{countText(totals.active)}</dd>
        </div>
        <div>
          <dt>New a second</dt>
          <dd class="drawn">
            {rateText(totals.connections)}
            <Spark values={totals.history} label="New connections of all services in five minutes" />
          </dd>
        </div>
        <div>
          <dt>In</dt>
          <dd>{bytesText(totals.inBytes)}</dd>
        </div>
        <div>
          <dt>Out</dt>
          <dd>{bytesText(totals.outBytes)}</dd>
        </div>
      </dl>
    </>
  );
}

/** It turns red when the agent is silent: a green that is old is worse than none. */
function LiveClock({ view }: { readonly view: View }): JSX.Element {
  const { clock } = view;
  const time = clock.isSet ? clock.wall(clock.now).toLocaleTimeString('en-GB') : '––:––:––';
  const isSilent = clock.isSilent;
  return (
    <div class={`clock ${isSilent ? 'stale' : 'live'}`}>
      <span class="word" aria-hidden="true">
        {isSilent ? `no word for ${spanText(clock.silence)}` : clock.isSet ? 'live' : 'connecting'}
      </span>
      <time aria-hidden="true">{time}</time>
      <span class="spoken" role="status">
        {isSilent
          ? 'The agent does not answer: what is shown is old.'
          : clock.isSet
            ? 'The page is live.'
            : ''}
      </span>
    </div>
  );
}
