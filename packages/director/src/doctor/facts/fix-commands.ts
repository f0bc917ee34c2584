import type { Destination, Service } from '@ipvs-ts/ipvs';
import type { Setting } from './check.js';
import { command, quoted } from './shell.js';

/** A service as options of `ipvs-ts`: `-t 192.0.2.10:80`, `-f 7`. */
export function serviceOptions(service: Service): string[] {
  if (service.fwmark !== undefined)
    return ['-f', String(service.fwmark), ...(service.family === 'ipv6' ? ['-6'] : [])];
  const option = { tcp: '-t', udp: '-u', sctp: '--sctp-service' }[service.protocol as 'tcp'];
  return [option, service.key.slice(service.key.indexOf(':') + 1)];
}

/** All settings of a service but its name. */
export function serviceSettings({ scheduler, flags, onePacket, persistence, family }: Service): string[] {
  const words = ['-s', scheduler === '' ? 'none' : scheduler];
  if (persistence !== undefined && persistence.timeout > 0) {
    words.push('-p', String(persistence.timeout));
    const { netmask, engine } = persistence;
    if (String(netmask) !== (family === 'ipv4' ? '255.255.255.255' : '128'))
      words.push('-M', String(netmask));
    if (engine !== undefined) words.push('--pe', engine);
  }
  if (onePacket) words.push('-o');
  if (flags.length > 0) words.push('-b', flags.join(','));
  return words;
}

/** All settings of a destination but its weight. */
export function destinationSettings({ key, forwarding, tunnel, ...limits }: Destination): string[] {
  const words = ['-r', key, forwarding === 'masq' ? '-m' : forwarding === 'tunnel' ? '-i' : '-g'];
  if (tunnel !== undefined && tunnel.type !== 'ipip') {
    words.push('--tun-type', tunnel.type);
    if (tunnel.port !== 0) words.push('--tun-port', String(tunnel.port));
    if (tunnel.checksum !== 'none') words.push(`--tun-${tunnel.checksum}`);
  }
  if (limits.upperThreshold !== 0) words.push('-x', String(limits.upperThreshold));
  if (limits.lowerThreshold !== 0) words.push('-y', String(limits.lowerThreshold));
  return words;
}

/** The command that changes a destination's weight and nothing else. */
export function setWeight(service: Service, destination: Destination, weight: number): string {
  return command`ipvs-ts -e ${serviceOptions(service)} ${destinationSettings(destination)} -w ${weight}`;
}

/** The command that sets a value of /proc/sys. */
export function sysctlCommand({ path, value }: Setting): string {
  // Interface names may hold dots: then only the form with slashes says what is meant.
  const name = path.includes('.') ? path : path.replaceAll('/', '.');
  return `sysctl -w ${quoted(`${name}=${value}`)}`;
}
