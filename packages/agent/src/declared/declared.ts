import type {
  DesiredDaemons,
  DestinationOptions,
  ServiceKey,
  ServiceOptions,
  TimeoutOptions,
} from '@ipvs-ts/ipvs';
import type { Check } from '../check/check.js';
import type { AgentSettings } from './agent-settings.js';
import type { HealthSettings } from './health-settings.js';

/** A destination of a document. */
export interface DeclaredDestination {
  /** Its name in canonical form: `10.0.0.11:443`. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Its settings; the weight is the one that it has in full service. */
  readonly options: DestinationOptions & { readonly weight: number };
  /** All must pass; without checks, it is always up. */
  readonly checks: readonly Check[];
}

/** A service of a document. */
export interface DeclaredService {
  /** Its name in canonical form: `tcp:192.0.2.10:443`. */
  readonly name: string;
  readonly key: ServiceKey;
  readonly options: ServiceOptions;
  readonly health: HealthSettings;
  /** In canonical order; undefined if the document leaves the destinations to others. */
  readonly destinations: readonly DeclaredDestination[] | undefined;
}

/** The settings of a document that concern the whole table. */
export interface Globals {
  readonly timeouts?: TimeoutOptions | undefined;
  readonly daemons?: DesiredDaemons | undefined;
}

/** A document without mistakes. */
export interface Declared extends Globals {
  /** Identifies the document: a hash of its text. */
  readonly revision: string;
  /** By name, in the order of the document. */
  readonly services: ReadonlyMap<string, DeclaredService>;
  readonly agent: AgentSettings;
}
