/**
 * Linux IPVS (LVS) from Node: virtual services, destinations, counters, timeouts and sync daemons, over netlink.
 *
 * @packageDocumentation
 */
export { type Address, addressText, type Family, parseAddress } from './model/address.js';
export { IPVS_ADVICE } from './advice.js';
export { ApplyError, type ChangeResult } from './plan/apply-error.js';
export type { Change, ChangeKind, ChangeSettings } from './plan/change.js';
export type { ApplyProgress, ApplyReport } from './plan/converge.js';
export type { DesiredDaemon, DesiredDaemons, DesiredService, DesiredState } from './document/state.js';
export type { DrainingPlanOptions, PlanOptions, PlanProgress, Prune } from './plan/options.js';
export type { ApplyOptions, Plan, PlanSync } from './plan/plan.js';
export type { DestinationSettings, Difference, ServiceSettings } from './model/settings.js';
export {
  type ArgumentError,
  type ArgumentErrorDetails,
  type Checks,
  isArgumentError,
} from './argument-checks.js';
export { destinationSettingsWords, serviceNameWords, serviceSettingsWords } from './format/rules.js';
export type { BatchResults, ResultOf } from './calls/batch.js';
export { BatchError, type BatchResult } from './calls/batch-error.js';
export type { Call, Verb } from './calls/call.js';
export { type Calls, calls } from './calls/calls.js';
export type { Connection, Endpoint } from './proc/connection-line.js';
export type { ConnectionFilter } from './proc/connections.js';
export type { Counters, Rates, Read, ReadFields, Stats, Uncounted } from './model/counters.js';
export type { Destination, DestinationOptions } from './model/destination.js';
export { exportDocument, type ExportOptions, exportState, type ExportSource } from './document/export.js';
export {
  DocumentError,
  type DocumentProblem,
  problemText as documentProblemText,
} from './document/document-error.js';
export {
  checkedTable,
  declaredDestination,
  type DeclaredDestination,
  declaredService,
  type DeclaredService,
  type DeclaredTable,
} from './document/declared-table.js';
export {
  type AdditionalField,
  type AdditionalFields,
  AGENT_FIELDS,
  agentExtensions,
  type DocumentExtensions,
  type FieldLevel,
  type ReportMistake,
} from './document/extensions.js';
export type { DocumentFormat } from './document/source/text.js';
export {
  MAX_DOCUMENT_BYTES,
  readDocument,
  type ReadDocumentOptions,
  stateProblems,
  type StateProblemsOptions,
} from './document/read.js';
export { writeDocument } from './document/write.js';
export {
  type DrainGrace,
  type DrainHistory,
  type DrainRule,
  drainRule,
  type DrainVerdict,
  type DrainWait,
  judge as judgeDrain,
} from './drain/verdict.js';
export type { DrainOptions, DrainProgress, DrainResult, DrainTiming } from './drain/options.js';
export { IpvsError, type IpvsErrorCode, type IpvsErrorDetails } from './errors.js';
export type { FeatureOptions, Features } from './calls/features.js';
export type { Protocol } from './schema/protocol.js';
export { type Scheduler, SCHEDULERS } from './model/service-flags.js';
export type { Forwarding } from './model/forwarding.js';
export type { Info } from './model/info.js';
export { Ipvs } from './ipvs.js';
export { IpvsSync } from './ipvs-sync.js';
export { type Json, toJson } from './watch/json.js';
export {
  type AddressServiceKey,
  type DestinationKey,
  destinationKeyText,
  type DestinationName,
  type FwmarkServiceKey,
  parseDestinationKey,
  parseServiceKey,
  type ServiceKey,
  serviceKeyText,
  type ServiceName,
} from './model/key.js';
export { type MetricsReading, type MetricsSource, readMetrics } from './format/metrics-reading.js';
export {
  METRICS_CONTENT_TYPES,
  metricsFormat,
  type MetricsFormat,
  type MetricsOptions,
  metricsText,
} from './format/metrics-text.js';
export type { MetricsBy } from './format/metrics.js';
export { nearest } from './nearest.js';
export type { OpenOptions } from './session/open.js';
export type { Persistence, StoredPersistence } from './model/persistence.js';
export type { Consistency, ReadOptions, TableEntry } from './calls/read-table.js';
export { FAMILY_NAME, OPERATION_LIST, OPERATIONS } from './schema/operations.js';
export type { Service, ServiceOptions, ServiceState } from './model/service.js';
export { type IntegerSysctls, type Sysctls, SYSCTLS } from './proc/sysctls.js';
export type { SchedulerFlag } from './model/service-flags.js';
export type { Daemon, DaemonOptions, DaemonState } from './model/sync-daemon.js';
export type { TimeoutOptions, Timeouts } from './model/timeouts.js';
export type { Drops } from './proc/drops.js';
export type { Totals } from './proc/totals.js';
export type { Tunnel, TunnelChecksum, TunnelOptions, TunnelType } from './model/tunnel.js';
export { IpvsVerbsSync } from './verbs-sync.js';
export type { Watch, WatchOptions } from './watch/watch.js';
export type {
  Measured,
  WatchChange,
  WatchedDestination,
  WatchedService,
  WatchSample,
} from './watch/sample.js';
export { watchChangeText } from './watch/change-text.js';
