import { type Call, calls } from '@ipvs-ts/ipvs';

/** A request that deletes something, and the change in words. */
export interface Deletion {
  readonly call: Call<void>;
  readonly text: string;
}

/** Deletes a service with all that it has. */
export function serviceDeletion(service: string): Deletion {
  return { call: calls.deleteService(service), text: `delete service ${service}` };
}

/** Deletes a destination. */
export function destinationDeletion(service: string, destination: string): Deletion {
  return {
    call: calls.deleteDestination(service, destination),
    text: `delete destination ${destination} of service ${service}`,
  };
}
