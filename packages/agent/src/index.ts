/**
 * The agent of ipvs-ts keeps the table of IPVS as a document declares it, with health checks, maintenance and a reason
 * for every decision. All decisions are pure functions: time is an argument.
 *
 * @packageDocumentation
 */
export { type Check, type CheckTiming, COMMON_FIELDS, detectionTime } from './check/check.js';
export { CHECK_TYPES, type CheckType } from './check/check-type.js';
export { LONGEST_DURATION, parseDuration, writeDuration } from './fields/duration.js';
export type { Field, Fields, Kind, KindValues, Values } from './fields/field.js';
export { type Probe, probeOf } from './check/probe.js';
export type { CheckTypes } from './check/read-check.js';
export { type CheckResult, failed, noVerdict, type Outcome, passed } from './check/result.js';
export type { StatusRange } from './fields/statuses.js';
export type { Step } from './fields/steps.js';
export { compose, type ComposeInput } from './compose/compose.js';
export type { ComposedDestination, ComposedService, DestinationState, Guard } from './compose/composed.js';
export type { AgentSettings, DriftSettings, LimitSettings } from './declared/agent-settings.js';
export type { Declared, DeclaredDestination, DeclaredService } from './declared/declared.js';
export type { HEALTH_FIELDS, HealthSettings, WhenAllDown, WhenDown } from './declared/health-settings.js';
export { readDeclared, type ReadDeclared } from './declared/read-declared.js';
export { type DesiredDocument, readDesired } from './declared/desired-state.js';
export { readDeclaredText } from './declared/read-text.js';
export { AgentError, type AgentErrorCode } from './errors.js';
export type { AllDownMemory } from './health/all-down.js';
export type { DestinationHealth } from './health/destination-health.js';
export type { Doubt } from './health/doubt.js';
export { downMode, type DownMode } from './health/down-mode.js';
export type { FlapRecord } from './health/flapping.js';
export { judge, type LastResult, unknownVerdict, type Verdict } from './health/judge.js';
export { documentYaml } from './import/write-yaml.js';
export type { Imported } from './import/imported.js';
export { importKeepalived, type KeepalivedOptions } from './import/keepalived/import-keepalived.js';
export type { ReadIncluded } from './import/keepalived/syntax/lexer.js';
export type { LookUp } from './import/ldirectord/endpoint.js';
export { importLdirectord, type LdirectordOptions } from './import/ldirectord/import-ldirectord.js';
export { type Fate, type Place, type Remark, remarkText } from './import/remarks.js';
export type { TextFile } from './import/text-file.js';
export type { DirectChange } from './loop/direct-changes.js';
export type { Effect, Happening, HappeningKind, LoopEvent, Seen, SendOutcome } from './loop/events.js';
export { Loop } from './loop/loop.js';
export { readSavedState, type SavedHealth, type SavedService, type SavedState } from './loop/saved-state.js';
export type { LoopOptions } from './loop/world.js';
export type { Maintenance } from './override/maintenance.js';
export type { LedgerData, LedgerDestination } from './own/ledger.js';
export { type SeenDestination, seenService, type SeenService } from './own/seen.js';
export { type CheckEngine, type RunCheck, SocketEngine } from './probes/engine.js';
export { Agent } from './io/agent.js';
export { type AgentOptions, DEFAULT_PATHS, type OwnCheckType, runAgent } from './io/run-agent.js';
export type { ConnectionsEnd, ConnectionsLeft } from './io/connections.js';
export { keepHeapSmall } from './supervision/heap.js';
export { type EventSink, openJsonLog } from './supervision/json-log.js';
export { type AgentPlan, type PlanAgentOptions, planAgent } from './io/plan-agent.js';
export { ServiceManager, type ServiceManagerOptions } from './supervision/service-manager.js';
export type { AgentEvent } from './report/event-log.js';
export type { MaintenanceRequest, MaintenanceStatus } from './report/maintenance.js';
export type { ExplainedDestination, Explanation } from './report/explain.js';
export type {
  CheckStatus,
  DestinationStatus,
  DocumentStatus,
  ServiceStatus,
  Status,
} from './report/status.js';
export { type AgentServer, type AgentSocket, openAgentSocket, serveAgent } from './serve/agent-server.js';
export type { ServeOptions } from './serve/serve-options.js';
export { compareDeclared, type DocumentDifference } from './declared/compare.js';
export { type EtcdSettings, ETCD_FIELDS, type SourceSettings } from './declared/source-settings.js';
export { Fleet, type FleetDocument, type PutOptions } from './fleet/fleet.js';
export type { Disagreement, FleetStatus } from './fleet/fleet-status.js';
export type { DirectorRecord } from './report/director-record.js';
export type { StoreStatus } from './report/store-status.js';
export type { PastRevision, Rollout } from './source/rollout.js';
