import type { JSX } from 'preact';
import { Alerts } from './alerts.js';
import { Band } from './band.js';
import type { Details } from './details.js';
import { Chosen } from './chosen.js';
import { Events } from './events.js';
import { Fleet } from './fleet.js';
import { Maintenance } from './maintenance.js';
import { Table } from './table.js';
import { Tools } from './tools.js';
import type { View } from './view.js';

/** The page. */
export function App({ view, details }: { readonly view: View; readonly details: Details }): JSX.Element {
  const { head } = view.model;
  return (
    <div class={`page ${view.clock.isSilent ? 'silent' : ''}`}>
      <Band view={view} />
      {head === undefined ? (
        <main class="waiting">
          <p>{view.clock.isSilent ? 'The agent does not answer.' : 'Waiting for the agent …'}</p>
        </main>
      ) : (
        <main class="main">
          <Alerts view={view} head={head} />
          <section class="panel services" aria-label="Services">
            <Tools view={view} />
            <Table view={view} details={details} />
          </section>
          <div class="side">
            <Chosen view={view} details={details} />
            <Maintenance view={view} rows={head.maintenance} count={head.maintenanceCount} />
            <Fleet head={head} />
            <Events view={view} />
          </div>
        </main>
      )}
    </div>
  );
}
