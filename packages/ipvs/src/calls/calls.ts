import type { Checks } from '../argument-checks.js';
import type { Call, Message, MessageValues } from './call.js';
import type { Read, ReadFields } from '../model/counters.js';
import {
  type Destination,
  destinationId,
  type DestinationOptions,
  destinationValues,
  readDestination,
} from '../model/destination.js';
import { type Info, readInfo } from '../model/info.js';
import {
  type DestinationName,
  familyOf,
  type LocatedDestination,
  locateDestination,
  type LocatedService,
  locateService,
  type ServiceName,
} from '../model/key.js';
import { FAMILY, OPERATIONS } from '../schema/operations.js';
import {
  readService,
  type Service,
  serviceId,
  type ServiceOptions,
  serviceValues,
} from '../model/service.js';
import {
  type Daemon,
  daemonId,
  type DaemonOptions,
  type DaemonState,
  daemonValues,
  readDaemon,
} from '../model/sync-daemon.js';
import { readTimeouts, type TimeoutOptions, type Timeouts, timeoutValues } from '../model/timeouts.js';

/**
 * Makes calls from arguments, for every verb of the API that is one request. All arguments are checked here, so every
 * call can be sent. The methods of `Ipvs` document what each does. `S` and `D`: how services and destinations are
 * named.
 */
export interface Calls<S = ServiceName, D = DestinationName> {
  /** The version of IPVS and the size of the connection table. */
  info(this: void): Call<Info>;
  /** All services, in the kernel's order, which means nothing. Without any: `[]`. */
  services<O extends ReadFields>(this: void, fields?: O): Call<Read<Service, O>[]>;
  /** One service. */
  service(this: void, name: S): Call<Service>;
  /** The list is also empty for a service that does not exist. */
  destinations<O extends ReadFields>(this: void, name: S, fields?: O): Call<Read<Destination, O>[]>;
  /** Adds a service. */
  addService(this: void, name: S, options?: ServiceOptions): Call<void>;
  /** Replaces all settings of a service; what `options` leaves out goes back to its default. */
  setService(this: void, name: S, options?: ServiceOptions): Call<void>;
  /** Deletes a service and its destinations. */
  deleteService(this: void, name: S): Call<void>;
  /** Adds a destination. */
  addDestination(this: void, service: S, name: D, options?: DestinationOptions): Call<void>;
  /** Replaces all settings of a destination. */
  setDestination(this: void, service: S, name: D, options?: DestinationOptions): Call<void>;
  /** Deletes a destination; its connections are dropped. */
  deleteDestination(this: void, service: S, name: D): Call<void>;
  /** The timeouts of connections, in seconds. */
  timeouts(this: void): Call<Timeouts>;
  /** Sets timeouts, in seconds; those left out or 0 stay. */
  setTimeouts(this: void, timeouts: TimeoutOptions): Call<void>;
  /** The sync daemons that run: none, one or two. */
  daemons(this: void): Call<Daemon[]>;
  /** Starts a sync daemon. */
  startDaemon(this: void, options: DaemonOptions): Call<void>;
  /** The kernel may stop the daemon without an answer; `Ipvs.stopDaemon` reads the list of daemons then. */
  stopDaemon(this: void, state: DaemonState): Call<void>;
  /** Zeroes the counters of a service and its destinations, or of all and the totals. */
  zero(this: void, name?: S): Call<void>;
  /** Deletes all services. Timeouts and sync daemons stay. */
  flush(this: void): Call<void>;
}

/** The verbs, with arguments checked by the library or by the kernel. */
export function makeCalls(checks: Checks): Calls {
  return makeLocatedCalls(checks);
}

/** Names as users write them, and names that were parsed before. */
type AnyService = ServiceName | LocatedService;
type AnyDestination = DestinationName | LocatedDestination;

function makeLocatedCalls(checks: Checks | 'done'): Calls<AnyService, AnyDestination> {
  return {
    info: () => call('info', 'getInfo', 'read the version of IPVS', {}, readInfo),

    services: (fields?: ReadFields) =>
      call('services', 'dumpServices', 'list the services', {}, (message: Message) =>
        readService(message.service ?? message.need('service'), fields),
      ),

    service: (name: AnyService) =>
      onService(name, 'service', 'getService', 'read', (located) => ({
        values: { service: serviceId(located) },
        read: (message: Message) => readService(message.need('service')),
      })),

    destinations: (name: AnyService, fields?: ReadFields) =>
      onService(name, 'destinations', 'dumpDestinations', 'list the destinations of', (located) => {
        const family = familyOf(located.key);
        return {
          values: { service: serviceId(located) },
          read: (message: Message) =>
            readDestination(message.destination ?? message.need('destination'), family, fields),
        };
      }),

    addService: (name: AnyService, options: ServiceOptions = {}) =>
      named(
        options,
        onService(name, 'addService', 'newService', 'add', (located) => ({
          values: { service: serviceValues(located, options, checks) },
        })),
      ),

    setService: (name: AnyService, options: ServiceOptions = {}) =>
      named(
        options,
        onService(name, 'setService', 'setService', 'set', (located) => ({
          values: { service: serviceValues(located, options, checks) },
        })),
      ),

    deleteService: (name: AnyService) =>
      onService(name, 'deleteService', 'deleteService', 'delete', (located) => ({
        values: { service: serviceId(located) },
      })),

    addDestination: (service: AnyService, name: AnyDestination, options: DestinationOptions = {}) =>
      onDestination(service, name, 'addDestination', 'newDestination', 'add', options, checks),

    setDestination: (service: AnyService, name: AnyDestination, options: DestinationOptions = {}) =>
      onDestination(service, name, 'setDestination', 'setDestination', 'set', options, checks),

    deleteDestination: (service: AnyService, name: AnyDestination) =>
      onDestination(service, name, 'deleteDestination', 'deleteDestination', 'delete', undefined, checks),

    timeouts: () => call('timeouts', 'getConfig', 'read the timeouts', {}, readTimeouts),

    setTimeouts: (timeouts: TimeoutOptions) =>
      call('setTimeouts', 'setConfig', 'set the timeouts', timeoutValues(timeouts)),

    daemons: () =>
      call('daemons', 'dumpDaemons', 'list the sync daemons', {}, (message: Message) =>
        readDaemon(message.need('daemon')),
      ),

    startDaemon: (options: DaemonOptions) => {
      const daemon = daemonValues(options, checks === 'done' ? 'library' : checks);
      return call('startDaemon', 'newDaemon', `start the ${options.state} sync daemon`, { daemon });
    },

    stopDaemon: (state: DaemonState) => {
      const daemon = daemonId(state);
      return call('stopDaemon', 'deleteDaemon', `stop the ${state} sync daemon`, { daemon });
    },

    zero: (name?: AnyService) =>
      name === undefined
        ? call('zero', 'zero', 'zero all counters', {})
        : onService(name, 'zero', 'zero', 'zero the counters of', (located) => ({
            values: { service: serviceId(located) },
          })),

    flush: () => call('flush', 'flush', 'delete all services', {}),
  };
}

/** The verbs with arguments checked by the library, to make batches of. */
export const calls: Calls = makeCalls('library');

/** The same for what was already checked: parsed names, and options of a document without mistakes. */
export const checkedCalls: Calls<AnyService, AnyDestination> = makeLocatedCalls('done');

function call<T>(
  verb: Call['verb'],
  operation: keyof typeof OPERATIONS,
  words: string,
  values: MessageValues,
  read?: (message: never) => unknown,
): Call<T> {
  return { verb, family: FAMILY, operation: OPERATIONS[operation], words, values, read };
}

function onService<T>(
  name: AnyService,
  verb: Call['verb'],
  operation: keyof typeof OPERATIONS,
  action: string,
  body: (service: LocatedService) => { values: MessageValues; read?: (message: Message) => unknown },
): Call<T> {
  const located = locateService(name);
  const service = located.text;
  const { values, read } = body(located);
  return {
    verb,
    family: FAMILY,
    operation: OPERATIONS[operation],
    words: `${action} service ${service}`,
    values,
    read,
    service,
  };
}

function onDestination(
  serviceName: AnyService,
  name: AnyDestination,
  verb: Call['verb'],
  operation: keyof typeof OPERATIONS,
  action: string,
  options: DestinationOptions | undefined,
  checks: Checks | 'done',
): Call<void> {
  const service = locateService(serviceName);
  const serviceText = service.text;
  const located = locateDestination(name);
  const destination = located.text;
  const values = {
    service: serviceId(service),
    destination:
      options === undefined
        ? destinationId(located)
        : destinationValues(familyOf(service.key), located, options, checks),
  };
  return {
    verb,
    family: FAMILY,
    operation: OPERATIONS[operation],
    words: `${action} destination ${destination} of service ${serviceText}`,
    values,
    read: undefined,
    service: serviceText,
    destination,
    isChecked: checks === 'done',
  };
}

/** Adds the names that the kernel may not know to a call. */
function named<T>({ scheduler, persistence }: ServiceOptions, on: Call<T>): Call<T> {
  const { verb, family, operation, words, values, read, service } = on;
  return {
    verb,
    family,
    operation,
    words,
    values,
    read,
    service,
    scheduler: scheduler ?? 'wlc',
    engine: persistence?.engine,
  };
}
