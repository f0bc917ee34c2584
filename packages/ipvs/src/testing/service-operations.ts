import { ERRNO, type ReaderOf } from '@ipvs-ts/netlink';
import { AF } from '../model/address.js';
import { SERVICE_FLAG } from '../model/service-flags.js';
import type { MESSAGE } from '../schema/message.js';
import { SERVICE } from '../schema/service.js';
import { noCounts } from './counters.js';
import type { Model } from './model.js';
import { parse, payload, zeroFilled } from './parse.js';
import { DONE, refuse, type Result } from './result.js';
import {
  newService,
  serviceBody,
  type ServiceIdentity,
  type ServiceSettings,
  significant,
  type StoredService,
} from './stored-service.js';

type Message = ReaderOf<(typeof MESSAGE)['attributes']>;
type ServiceReader = ReaderOf<(typeof SERVICE)['attributes']>;

/** The SERVICE attribute of a request, checked in the kernel's order. */
export interface NamedService {
  readonly identity: ServiceIdentity;
  readonly found: StoredService | undefined;
  readonly reader: ServiceReader;
}

/** Reads which service a request names; returns an errno if it names none. */
export function namedService(model: Model, message: Message): NamedService | number {
  const nest = payload(message, 'service');
  if (nest === undefined) return ERRNO.EINVAL;
  const { errno, reader } = parse(SERVICE, message.view, nest.start, nest.end);
  if (errno !== 0) return ERRNO.EINVAL;
  const { family, fwmark, protocol, port } = reader;
  const address = zeroFilled(reader, 'address', 16);
  if (family === undefined) return ERRNO.EINVAL;
  const byAddress = protocol !== undefined && address !== undefined && port !== undefined;
  if (fwmark === undefined && !byAddress) return ERRNO.EINVAL;
  if (!isFamily(model, family)) return ERRNO.EAFNOSUPPORT;
  const identity =
    fwmark === undefined && byAddress
      ? { family, fwmark: 0, protocol, address: significant(family, address), port }
      : // FWMARK wins even with the value 0, which then names TCP 0.0.0.0:0.
        { family, fwmark: fwmark ?? 0, protocol: 6, address: new Uint8Array(16), port: 0 };
  return { identity, found: model.services.find(identity), reader };
}

/** Whether the kernel knows an address family. */
export function isFamily({ settings }: Model, family: number): boolean {
  return family === AF.ipv4 || (family === AF.ipv6 && settings.ipv6);
}

/** The settings that NEW_SERVICE and SET_SERVICE require; undefined if one of them is absent. */
function settingsOf({ reader, found }: NamedService, { traits }: Model): ServiceSettings | undefined {
  const { scheduler, timeout, netmask, engine = '' } = reader;
  const bytes = zeroFilled(reader, 'flags', 8);
  if (scheduler === undefined || bytes === undefined || timeout === undefined || netmask === undefined)
    return undefined;
  const { flags, mask } = SERVICE.attributes.flags.kind.read(new DataView(bytes.buffer), 0, 8);
  const merged = ((found?.settings.flags ?? 0) & ~mask) | (flags & mask) | SERVICE_FLAG.hashed;
  return { scheduler, engine, flags: merged >>> 0, timeout: Math.imul(timeout, traits.hz) >>> 0, netmask };
}

/** 0, or the errno for the settings of a service. */
function judge({ scheduler, engine, netmask }: ServiceSettings, family: number, model: Model): number {
  const { schedulers, engines } = model.settings;
  if (scheduler !== 'none' && !schedulers.includes(scheduler)) return ERRNO.ENOENT;
  if (engine !== '' && !engines.includes(engine)) return ERRNO.ENOENT;
  return family === AF.ipv6 && (netmask < 1 || netmask > 128) ? ERRNO.EINVAL : 0;
}

export function newServiceOperation(model: Model, message: Message): Result {
  const named = namedService(model, message);
  if (typeof named === 'number') return refuse(named);
  const settings = settingsOf(named, model);
  if (settings === undefined) return refuse(ERRNO.EINVAL);
  if (named.found !== undefined) return refuse(ERRNO.EEXIST);
  const errno = judge(settings, named.identity.family, model);
  if (errno !== 0) return refuse(errno);
  model.services.add(newService(named.identity, settings));
  model.connections.fit(model.services.all());
  return DONE;
}

export function setServiceOperation(model: Model, message: Message): Result {
  const named = namedService(model, message);
  if (typeof named === 'number') return refuse(named);
  const settings = settingsOf(named, model);
  if (settings === undefined) return refuse(ERRNO.EINVAL);
  if (named.found === undefined) return refuse(ERRNO.ESRCH);
  const errno = judge(settings, named.identity.family, model);
  if (errno === 0) named.found.settings = settings;
  return refuse(errno);
}

/** Runs `action` on the service that a request names. */
export function onService(
  model: Model,
  message: Message,
  action: (service: StoredService) => Result,
): Result {
  const named = namedService(model, message);
  if (typeof named === 'number') return refuse(named);
  return named.found === undefined ? refuse(ERRNO.ESRCH) : action(named.found);
}

export function getServiceOperation(model: Model, message: Message): Result {
  return onService(model, message, (service) => ({ errno: 0, bodies: [serviceBody(service, model.traits)] }));
}

export function dumpServicesOperation({ services, traits }: Model): Result {
  return { errno: 0, bodies: services.inDumpOrder().map((service) => serviceBody(service, traits)) };
}

export function deleteServiceOperation(model: Model, message: Message): Result {
  return onService(model, message, (service) => {
    drop(model, service);
    return DONE;
  });
}

export function flushOperation(model: Model): Result {
  for (const service of model.services.all()) drop(model, service);
  return DONE;
}

function drop({ services, trash }: Model, service: StoredService): void {
  for (const destination of service.destinations) trash.put(service, destination);
  services.remove(service);
}

export function zeroOperation(model: Model, message: Message): Result {
  if (payload(message, 'service') !== undefined) {
    return onService(model, message, (service) => {
      zero(service);
      return DONE;
    });
  }
  for (const service of model.services.all()) zero(service);
  return DONE;
}

function zero(service: StoredService): void {
  for (const counted of [service, ...service.destinations]) counted.counters = noCounts();
}
