import type { JSX } from 'preact';
import type { DirectorRow, Head } from '../src/page/wire.js';
import { StateIcon } from './icons.js';

const MOST = 100;

/** The directors that follow the same store. */
export function Fleet({ head }: { readonly head: Head }): JSX.Element | null {
  const { store, fleet } = head;
  if (store === null) return null;
  return (
    <section class="panel fleet" aria-label="Fleet">
      <div class="title">
        <h2>Fleet</h2>
        <span class={`tag ${store.connected ? '' : 'warn'}`}>
          {store.connected
            ? fleet?.settled === true
              ? 'settled'
              : (store.state ?? 'no document')
            : 'store silent'}
        </span>
      </div>
      <p class="soft">
        {store.connected ? 'Store at ' : 'No answer from '}
        <span class="code">{store.endpoint}</span>
        {store.candidate !== null && (
          <>
            {' '}
            · <span class="code">{store.candidate}</span> is tried on {store.canary ?? 'a canary'}
          </>
        )}
      </p>
      {fleet !== null && (
        <ul class="list directors">
          {fleet.directors.slice(0, MOST).map((director) => (
            <Director
              key={director.id}
              director={director}
              current={store.current}
              isSelf={director.id === head.id}
            />
          ))}
        </ul>
      )}
      {fleet?.ordersDiffer === true && (
        <p class="warning">
          Directors have destinations in different orders: mh and sh send clients to different ones.
        </p>
      )}
      {fleet?.disagreements.map((text) => (
        <p key={text} class="warning">
          {text}
        </p>
      ))}
    </section>
  );
}

function Director(props: {
  readonly director: DirectorRow;
  readonly current: string | null;
  readonly isSelf: boolean;
}): JSX.Element {
  const { director, current, isSelf } = props;
  const { id, revision, fit, doubt, obstacle, destinations, out } = director;
  return (
    <li>
      <span class={`state state-${fit ? 'up' : 'down'}`}>
        <StateIcon state={fit ? 'up' : 'down'} />
        {fit ? 'fit' : 'not fit'}
      </span>{' '}
      <strong>{id}</strong>
      {isSelf && <span class="soft"> (this one)</span>}{' '}
      <span class="code soft">{revision ?? 'no document'}</span>
      <span class="soft">
        {' '}
        · {destinations - out} of {destinations} up{doubt && ' · doubt'}
        {revision !== current && ' · follows another revision'}
      </span>
      {obstacle !== null && <p class="warning">{obstacle}</p>}
    </li>
  );
}
