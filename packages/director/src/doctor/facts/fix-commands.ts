import {
  type Destination,
  destinationSettingsWords,
  type Service,
  serviceNameWords,
  serviceSettingsWords,
} from '@ipvs-ts/ipvs';
import type { Setting } from './check.js';
import { command, quoted } from './shell.js';

/** A service as options of `ipvs-ts`: `-t 192.0.2.10:80`, `-f 7`. */
export const serviceOptions: (service: Service) => string[] = serviceNameWords;

/** All settings of a service except its name. */
export const serviceSettings: (service: Service) => string[] = serviceSettingsWords;

/** All settings of a destination except its weight. */
export const destinationSettings: (destination: Destination) => string[] = destinationSettingsWords;

/** The command that changes a destination's weight and nothing else. */
export function setWeight(service: Service, destination: Destination, weight: number): string {
  return command`ipvs-ts -e ${serviceOptions(service)} ${destinationSettings(destination)} -w ${weight}`;
}

/** The command that sets a value of /proc/sys. */
export function sysctlCommand({ path, value }: Setting): string {
  // Interface names may contain dots: only the form with slashes is unambiguous then.
  const name = path.includes('.') ? path : path.replaceAll('/', '.');
  return `sysctl -w ${quoted(`${name}=${value}`)}`;
}
