import type { JSX } from 'preact';
import { spanText } from '../src/page/view/page-text.js';
import type { MaintenanceRow } from '../src/page/wire.js';
import type { View } from './view.js';

const MOST = 30;

/** Destinations that operators have taken out. */
export function Maintenance(props: {
  readonly view: View;
  readonly rows: readonly MaintenanceRow[];
  /** How many there are. */
  readonly count: number;
}): JSX.Element | null {
  const { view, rows, count } = props;
  if (rows.length === 0) return null;
  const { now } = view.clock;
  return (
    <section class="panel maintenance" aria-label="Maintenance">
      <div class="title">
        <h2>Maintenance</h2>
        <span class="soft">{count}</span>
      </div>
      <ol class="list">
        {rows.slice(0, MOST).map(({ service, destination, since, until, why, by }) => (
          <li key={`${service} ${destination}`}>
            <span class="code">{destination}</span> <span class="soft code">{service}</span>
            <p>
              {why ?? 'no reason was named'}
              <span class="soft">
                {by !== null && ` · by ${by}`} · for {spanText(now - since)} ·{' '}
                {until === null ? 'until it is ended' : `${spanText(until - now)} left`}
              </span>
            </p>
          </li>
        ))}
      </ol>
      {count > MOST && <p class="soft">and {count - MOST} more</p>}
    </section>
  );
}
