/** The whole state of a namespace's IPVS as text, to be compared line by line. */
import type { IpvsSync } from '@ipvs-ts/ipvs';

/** Services in the order of their keys, as the kernel's differs from namespace to namespace; the rest in the kernel's. */
export function stateText(ipvs: IpvsSync): string {
  const table = ipvs.table().map(({ service, destinations }) => ({
    key: service.key,
    text: [line('service', service), ...destinations.map((item) => line('  destination', item))].join('\n'),
  }));
  return [
    ...table.sort((left, right) => (left.key < right.key ? -1 : 1)).map(({ text }) => text),
    line('timeouts', ipvs.timeouts()),
    ...ipvs.daemons().map((daemon) => line('daemon', daemon)),
  ].join('\n');
}

function line(name: string, value: object): string {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
  return `${name} ${text}`;
}
