import type { Call } from '../calls/call.js';
import type { DaemonOptions, DaemonState } from '../model/sync-daemon.js';
import type { TimeoutOptions } from '../model/timeouts.js';
import type { DestinationSettings, Difference, ServiceSettings } from '../model/settings.js';
import { differencesText, settingsText } from './settings-text.js';

/** What a change does. `drainDestination`: sets weight 0, waits until its connections are gone, and deletes it. */
export type ChangeKind =
  | 'addService'
  | 'editService'
  | 'deleteService'
  | 'addDestination'
  | 'editDestination'
  | 'drainDestination'
  | 'deleteDestination'
  | 'setTimeouts'
  | 'startDaemon'
  | 'stopDaemon';

/** The settings before and after a change. */
export type ChangeSettings = ServiceSettings | DestinationSettings | TimeoutOptions | DaemonOptions;

/** What a {@link Change} is made of. */
export interface ChangeDetails {
  readonly kind: ChangeKind;
  /** The request that makes the change; for a drain, the last one. A function makes it when it is needed: many plans are only shown. */
  readonly call: Call<void> | ((change: Change, declared: unknown) => Call<void>);
  /** What the document declares, for that function: many changes then share it, where a closure for each would take much memory. */
  readonly declared?: unknown;
  readonly service?: string | undefined;
  readonly destination?: string | undefined;
  readonly daemon?: DaemonState | undefined;
  readonly from?: ChangeSettings | undefined;
  readonly to?: ChangeSettings | undefined;
  readonly differences?: readonly Difference[] | undefined;
  /** Whether it is half of a replacement: the kernel cannot edit a sync daemon, so it is stopped and started. */
  readonly replaces?: boolean | undefined;
}

/** One step from the current to the desired state: one request to the kernel, except for drains. */
export class Change {
  readonly kind: ChangeKind;
  /** The service concerned, as text. */
  readonly service: string | undefined;
  /** The destination concerned, as text. */
  readonly destination: string | undefined;
  /** The sync daemon concerned. */
  readonly daemon: DaemonState | undefined;
  /** The old settings; absent for additions. */
  readonly from: ChangeSettings | undefined;
  /** The new settings; absent for removals. */
  readonly to: ChangeSettings | undefined;
  /** For edits: the fields that differ, each with its old and new value. */
  readonly differences: readonly Difference[];
  /** Whether it is half of a replacement: the kernel cannot edit a sync daemon, so it is stopped and started. */
  readonly replaces: boolean;
  readonly #call: ChangeDetails['call'];
  readonly #declared: unknown;

  constructor(details: ChangeDetails) {
    this.kind = details.kind;
    this.service = details.service;
    this.destination = details.destination;
    this.daemon = details.daemon;
    this.from = details.from;
    this.to = details.to;
    this.differences = details.differences ?? [];
    this.replaces = details.replaces ?? false;
    this.#call = details.call;
    this.#declared = details.declared;
  }

  /** The request that makes the change; for a drain, the last one. */
  get call(): Call<void> {
    return typeof this.#call === 'function' ? this.#call(this, this.#declared) : this.#call;
  }

  /** One line: `edit destination 10.0.0.1:80 of service tcp:192.0.2.10:80: weight 1 -> 3`. */
  toString(): string {
    const { destination, service = '', daemon = '' } = this;
    const what =
      destination === undefined ? `service ${service}` : `destination ${destination} of service ${service}`;
    const settings = this.to === undefined ? '' : settingsText(this.to);
    // Additions have no differences, and a plan of many changes is mostly additions.
    const changed = this.differences.length === 0 ? '' : differencesText(this.differences);
    switch (this.kind) {
      case 'addService':
      case 'addDestination':
        return `add ${what}: ${settings}`;
      case 'editService':
      case 'editDestination':
        return `edit ${what}: ${changed}`;
      case 'deleteService':
      case 'deleteDestination':
        return `delete ${what}`;
      case 'drainDestination':
        return `drain and delete ${what}`;
      case 'setTimeouts':
        return `set timeouts: ${changed}`;
      case 'stopDaemon':
        return `stop the ${daemon} sync daemon${this.replaces ? ', to start it anew' : ''}`;
      case 'startDaemon':
        return this.replaces
          ? `start the ${daemon} sync daemon anew: ${changed}`
          : `start the ${daemon} sync daemon: ${settings}`;
    }
  }

  /** The change as plain data: kind, names, from, to and differences, as far as it has them. */
  toJSON(): object {
    const { kind, service, destination, daemon, from, to, replaces } = this;
    // JSON has no undefined: absent values are null in a difference.
    const differences = this.differences.map((each) => ({
      field: each.field,
      from: each.from ?? null,
      to: each.to ?? null,
    }));
    return {
      kind,
      ...(service !== undefined && { service }),
      ...(destination !== undefined && { destination }),
      ...(daemon !== undefined && { daemon }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(differences.length > 0 && { differences }),
      ...(replaces && { replaces }),
    };
  }
}
