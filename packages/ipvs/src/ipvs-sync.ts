import type { TransportSync } from '@ipvs-ts/netlink';
import type { DesiredState } from './document/state.js';
import type { PlanOptions } from './plan/options.js';
import type { PlanSync } from './plan/plan.js';
import { checkOptions } from './argument-checks.js';
import { planSync } from './plan/run.js';
import type { Connection } from './proc/connection-line.js';
import {
  type ConnectionFilter,
  connectionQuery,
  connectionsIn,
  LIST_CONNECTIONS,
} from './proc/connections.js';
import { type FeatureOptions, type Features, features } from './calls/features.js';
import type { OpenOptions } from './session/open.js';
import { procLines } from './proc/proc-files.js';
import { SessionSync } from './session/session-sync.js';
import { readSysctls, type Sysctls, writeSysctls } from './proc/sysctls.js';
import { type Drops, readDrops } from './proc/drops.js';
import { readTotals, type Totals } from './proc/totals.js';
import { IpvsVerbsSync } from './verbs-sync.js';

/** IPVS of one network namespace; calls return when the kernel has answered. {@link Ipvs} documents the verbs. */
export class IpvsSync extends IpvsVerbsSync {
  /** Opens IPVS. Throws as `Ipvs.open` rejects. */
  static override open(options: OpenOptions<TransportSync> = {}): IpvsSync {
    return new IpvsSync(SessionSync.open(options));
  }

  /**
   * Compares the desired state with the table, as `Ipvs.plan` does, but cannot drain. Throws ERR_IPVS_DOCUMENT.
   * Problems that only the kernel knows about have a path but no line and column, since these need a YAML parser that
   * is loaded asynchronously.
   */
  plan(desired: DesiredState, options: PlanOptions = {}): PlanSync {
    return planSync(this.session, desired, options);
  }

  /** The connections of the namespace, one by one, while the table is read. ERR_IPVS_PROC. */
  connections(filter: ConnectionFilter = {}): Generator<Connection, void, undefined> {
    const query = connectionQuery(filter);
    return connectionsIn(procLines(this.session.files, query.path, LIST_CONNECTIONS), query);
  }

  /** Counters of all traffic of the namespace. ERR_IPVS_PROC. */
  totals(): Totals {
    return readTotals(this.session.files);
  }

  /** Packets that the kernel dropped before they could be balanced. ERR_IPVS_PROC. */
  drops(): Drops {
    return readDrops(this.session.files);
  }

  /** The `net.ipv4.vs` settings of the namespace that this kernel has. ERR_IPVS_PROC. */
  sysctls(): Sysctls {
    return readSysctls(this.session.files);
  }

  /** Writes settings; absent ones do not change. All are checked before the first is written. ERR_IPVS_PROC. */
  setSysctls(settings: Sysctls): void {
    writeSysctls(this.session.files, settings);
  }

  /** What the kernel supports, judged by the contents of its replies. */
  features(options: FeatureOptions = {}): Features {
    checkOptions('options', options, ['probe']);
    return this.run(features(this.session.calls, options.probe === true));
  }
}
