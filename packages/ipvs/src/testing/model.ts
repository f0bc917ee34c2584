import { ConnectionTable } from './connection-table.js';
import { SyncDaemons } from './sync-daemons.js';
import type { KernelSettings } from './options.js';
import { ServiceTable } from './service-table.js';
import type { Traits } from './traits.js';
import { Trash } from './trash.js';

/** Timeouts in seconds by the name of their attribute. */
export type TimeoutTable = Record<'tcp' | 'tcpFin' | 'udp', number>;

/** The state of the module; loading it again starts with an empty one. */
export class Model {
  readonly settings: KernelSettings;
  readonly traits: Traits;
  readonly services: ServiceTable;
  readonly trash: Trash;
  readonly daemons: SyncDaemons;
  readonly connections: ConnectionTable;
  readonly timeouts: TimeoutTable = { tcp: 900, tcpFin: 120, udp: 300 };

  constructor(settings: KernelSettings, traits: Traits) {
    this.settings = settings;
    this.traits = traits;
    this.services = new ServiceTable(traits);
    this.trash = new Trash(settings);
    this.daemons = new SyncDaemons(settings);
    this.connections = new ConnectionTable(traits);
  }
}
