import type { Destination, DestinationOptions } from '../model/destination.js';
import { IpvsError, type IpvsErrorCode } from '../errors.js';
import type { DestinationName, ServiceName } from '../model/key.js';
import type { Service } from '../model/service.js';

/** The methods of a client that a drain uses. */
export interface DrainHost {
  service(name: ServiceName, options: Wait): Promise<Service>;
  destinations(name: ServiceName, options: Wait): Promise<Destination[]>;
  setDestination(
    service: ServiceName,
    name: DestinationName,
    options: DestinationOptions,
    wait: Wait,
  ): Promise<void>;
  deleteDestination(service: ServiceName, name: DestinationName, wait: Wait): Promise<void>;
}

interface Wait {
  readonly signal?: AbortSignal | undefined;
}

/** The destination to drain. */
export class Target {
  readonly service: string;
  readonly destination: string;
  readonly #host: DrainHost;
  readonly #wait: Wait;

  constructor(host: DrainHost, service: string, destination: string, wait: Wait) {
    this.#host = host;
    this.service = service;
    this.destination = destination;
    this.#wait = wait;
  }

  /** The service. ERR_IPVS_SERVICE_NOT_FOUND. */
  async read(): Promise<Service> {
    return this.#host.service(this.service, this.#wait);
  }

  /** Sets the weight to 0 and returns the previous one. Throws if the destination does not exist or must not be drained. */
  async begin(evenLast: boolean): Promise<number> {
    const all = await this.#host.destinations(this.service, this.#wait);
    const found = all.find(({ key }) => key === this.destination);
    if (found === undefined)
      throw drainError(
        'ERR_IPVS_DESTINATION_NOT_FOUND',
        this,
        'the service has no such destination; list what there is',
      );
    if (found.weight === 0) return 0;
    if (!evenLast && !all.some(({ key, weight }) => weight > 0 && key !== found.key))
      throw drainError(
        'ERR_IPVS_LAST_DESTINATION',
        this,
        'no other destination of the service has weight, so new connections would be refused; add one first, or say evenLast',
      );
    await this.takeWeight(found);
    return found.weight;
  }

  async takeWeight(found: Destination): Promise<void> {
    const { forwarding, upperThreshold, lowerThreshold, tunnel } = found;
    const kept = { forwarding, upperThreshold, lowerThreshold, tunnel, weight: 0 };
    await this.#unlessGone(this.#host.setDestination(this.service, this.destination, kept, this.#wait));
  }

  /** The current destination; undefined if it no longer exists. */
  async find(): Promise<Destination | undefined> {
    const all = await this.#unlessGone(this.#host.destinations(this.service, this.#wait));
    return all?.find(({ key }) => key === this.destination);
  }

  async delete(): Promise<void> {
    await this.#unlessGone(this.#host.deleteDestination(this.service, this.destination, this.#wait));
  }

  async #unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      if (!isGone(error)) throw error;
      return undefined;
    }
  }
}

function isGone(error: unknown): boolean {
  return (
    IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND') || IpvsError.is(error, 'ERR_IPVS_DESTINATION_NOT_FOUND')
  );
}

/** An IpvsError about a drain. */
export function drainError(
  code: IpvsErrorCode,
  { service, destination }: Pick<Target, 'service' | 'destination'>,
  sentence: string,
): IpvsError {
  const operation = `drain destination ${destination} of service ${service}`;
  return new IpvsError(code, `cannot ${operation}: ${sentence}`, { operation, service, destination });
}
