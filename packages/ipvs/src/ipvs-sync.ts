import type { SyncTransport } from '@ipvs-ts/netlink';
import type { DesiredState } from './apply/document.js';
import type { PlanOptions } from './apply/options.js';
import type { PlanSync } from './apply/plan.js';
import { planSync } from './apply/verbs.js';
import {
  type Connection,
  type ConnectionFilter,
  type ConnectionQuery,
  connectionQuery,
} from './connections.js';
import { type FeatureOptions, type Features, features } from './features.js';
import type { OpenOptions } from './open.js';
import { procLines } from './proc-files.js';
import { SessionSync } from './session-sync.js';
import { readSettings, type Settings, writeSettings } from './settings.js';
import { readTotals, type Totals } from './totals.js';
import { IpvsVerbsSync } from './verbs-sync.js';

/** IPVS of one network namespace; calls return when the kernel has answered. {@link Ipvs} documents the verbs. */
export class IpvsSync extends IpvsVerbsSync {
  /** Opens IPVS. Throws as `Ipvs.open` rejects. */
  static override open(options: OpenOptions<SyncTransport> = {}): IpvsSync {
    return new IpvsSync(SessionSync.open(options));
  }

  plan(desired: DesiredState, options: PlanOptions = {}): PlanSync {
    return planSync(this.session, desired, options);
  }

  connections(filter: ConnectionFilter = {}): Generator<Connection, void, undefined> {
    const query = connectionQuery(filter);
    return matching(procLines(this.session.files, query.path, 'list the connections'), query);
  }

  totals(): Totals {
    return readTotals(this.session.files);
  }

  settings(): Settings {
    return readSettings(this.session.files);
  }

  setSettings(settings: Settings): void {
    writeSettings(this.session.files, settings);
  }

  features(options: FeatureOptions = {}): Features {
    return this.run(features(this.session.calls, options.probe === true));
  }
}

function* matching(lines: Iterable<string>, query: ConnectionQuery): Generator<Connection, void, undefined> {
  for (const line of lines) {
    const connection = query.read(line);
    if (connection !== undefined) yield connection;
  }
}
