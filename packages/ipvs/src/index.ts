/**
 * Linux IPVS (LVS) from Node: virtual services, destinations, counters, timeouts and sync daemons, over netlink.
 *
 * @packageDocumentation
 */
export { type Address, addressText, type Family, parseAddress } from './address.js';
export { IPVS_ADVICE } from './advice.js';
export type { Change, ChangeKind, ChangeSettings } from './apply/change.js';
export type { ApplyProgress, ApplyReport } from './apply/converge.js';
export type { DesiredDaemon, DesiredDaemons, DesiredService, DesiredState } from './apply/document.js';
export type { DrainingPlanOptions, PlanOptions, PlanProgress, Prune } from './apply/options.js';
export type { ApplyOptions, Plan, PlanSync } from './apply/plan.js';
export type { DestinationSettings, Difference, ServiceSettings } from './apply/settings.js';
export {
  type ArgumentError,
  type ArgumentErrorDetails,
  type Checks,
  isArgumentError,
} from './argument-error.js';
export type { BatchResults, ResultOf } from './batch.js';
export type { Call, Verb } from './call.js';
export { type Calls, calls } from './calls.js';
export type { Connection, ConnectionFilter, Endpoint } from './connections.js';
export type { Counts, Rates, Read, ReadFields, Stats, Uncounted } from './counts.js';
export type { Destination, DestinationOptions } from './destination.js';
export { exportState, type ExportSource } from './document/export.js';
export {
  type DocumentFormat,
  readDocument,
  type ReadDocumentOptions,
  stateProblems,
} from './document/read.js';
export { writeDocument } from './document/write.js';
export type { DrainWait } from './drain-judge.js';
export type { DrainOptions, DrainProgress, DrainResult, DrainTiming } from './drain-options.js';
export {
  type BatchResult,
  type ChangeResult,
  type DocumentProblem,
  IpvsError,
  type IpvsErrorCode,
  type IpvsErrorDetails,
} from './errors.js';
export { type FeatureOptions, type Features, SCHEDULERS } from './features.js';
export type { Forwarding } from './forwarding.js';
export type { Info } from './info.js';
export { Ipvs } from './ipvs.js';
export { IpvsSync } from './ipvs-sync.js';
export { type Json, toJson } from './json.js';
export {
  type AddressServiceKey,
  type DestinationKey,
  destinationKeyText,
  type DestinationName,
  type FwmarkServiceKey,
  parseDestinationKey,
  parseServiceKey,
  type Protocol,
  type ServiceKey,
  serviceKeyText,
  type ServiceName,
} from './key.js';
export { type MetricsOptions, metricsText } from './metrics.js';
export { nearest } from './nearest.js';
export type { OpenOptions } from './open.js';
export type { Persistence, StoredPersistence } from './persistence.js';
export type { Consistency, ReadOptions, TableEntry } from './procedures.js';
export { FAMILY_NAME, OPERATION_LIST, OPERATIONS } from './schema/operations.js';
export type { Service, ServiceOptions, ServiceState } from './service.js';
export { type IntegerSettings, type Settings, SETTINGS } from './settings.js';
export type { SchedulerFlag } from './service-flags.js';
export type { Daemon, DaemonOptions, DaemonState } from './sync-daemon.js';
export type { TimeoutOptions, Timeouts } from './timeouts.js';
export type { Totals } from './totals.js';
export type { Tunnel, TunnelChecksum, TunnelOptions, TunnelType } from './tunnel.js';
export { IpvsVerbsSync } from './verbs-sync.js';
export type { Watch, WatchOptions } from './watch.js';
export type {
  Measured,
  WatchChange,
  WatchedDestination,
  WatchedService,
  WatchSample,
} from './watch-sample.js';
export { watchChangeText } from './watch-words.js';
