import { readFileSync } from 'node:fs';
import { attributes } from '../../../../netlink/dist/wire/attribute.js';
import { LITTLE_ENDIAN } from '@ipvs-ts/netlink';
import { Messages, NLMSG } from '@ipvs-ts/netlink/testing';
import type { KernelSeries, Machine } from '@ipvs-ts/ipvs/testing';

interface Hex {
  readonly hex: string;
}

/** An exchange with a real kernel, as the files hold it. */
export interface Recording {
  readonly name?: string;
  /** Name of the exchange on 6.1 that it replaces. */
  readonly of?: string;
  readonly arch: string;
  readonly family_id?: number;
  readonly socket_options?: readonly string[];
  readonly request?: Hex;
  readonly replies: readonly Hex[];
}

/** A run of ipvsadm and its requests. */
export interface Traced {
  readonly command: string;
  readonly requests: readonly Hex[];
}

interface File {
  readonly vectors?: readonly Recording[];
  readonly variants: readonly Recording[];
  readonly extra: readonly Recording[];
  readonly 'ipvsadm_1.31_requests'?: readonly Traced[];
}

export const KERNELS: readonly KernelSeries[] = ['5.10', '6.1', '6.12', '7.2'];
export const MACHINES: readonly Machine[] = ['x86-64', 'uml'];

const files = Object.fromEntries(
  KERNELS.map((kernel) => {
    const file = new URL(`../../../../../vectors/${kernel}.json`, import.meta.url);
    return [kernel, JSON.parse(readFileSync(file, 'utf8')) as File];
  }),
) as Record<KernelSeries, File>;

/** The 134 exchanges with 6.1 on x86-64, in order: each depends on the state that the earlier ones left. */
export const RECORDINGS: readonly Recording[] = files['6.1'].vectors ?? [];
export const IPVSADM: readonly Traced[] = files['6.1']['ipvsadm_1.31_requests'] ?? [];
/** Family id in {@link RECORDINGS}. */
export const RECORDED_ID = 32;

const ofMachine = (machine: Machine) => (recording: Recording) =>
  recording.arch.startsWith('um') === (machine === 'uml');

/** Further exchanges that distinguish kernels. */
export function extras(kernel: KernelSeries, machine: Machine): Recording[] {
  return files[kernel].extra.filter(ofMachine(machine));
}

/**
 * What `kernel` answered to the exchange `name`: its own recording where it differs, else that of 6.1 on the same
 * machine. 7.2 on user-mode Linux writes no PAD, so it is compared with x86-64.
 */
export function repliesOf(kernel: KernelSeries, machine: Machine, recording: Recording): string[] {
  const own = find(kernel, machine, recording);
  const base = kernel === '7.2' ? undefined : find('6.1', machine, recording);
  return (own ?? base ?? recording).replies.map(({ hex }) => hex);
}

function find(kernel: KernelSeries, machine: Machine, { name }: Recording): Recording | undefined {
  return files[kernel].variants.filter(ofMachine(machine)).find(({ of }) => of === name);
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * A copy in which the IPVS family has the number `to`: in message types, in the headers that errors echo, and in the
 * controller's FAMILY_ID. Whatever is no such number stays.
 */
export function renumbered(datagram: Uint8Array, to: number): Uint8Array {
  const copy = datagram.slice();
  const view = new DataView(copy.buffer);
  const known = new Set([RECORDED_ID, 28, to]);
  const replace = (at: number): void => {
    if (known.has(view.getUint16(at, LITTLE_ENDIAN))) view.setUint16(at, to, LITTLE_ENDIAN);
  };
  for (const message = new Messages(datagram); message.next();) {
    replace(message.at + 4);
    if (message.type === NLMSG.ERROR) replace(message.start + 8);
    if (message.type !== 16) continue;
    for (const { type, start } of attributes(view, message.start + 4, message.end))
      if (type === 1) replace(start);
  }
  return copy;
}

/** The messages of the datagrams, one hex text each, those of one dump in the order of their bytes. */
export function sortedMessages(datagrams: readonly Uint8Array[]): string[] {
  return datagrams.map((datagram) => {
    const parts: string[] = [];
    for (const message = new Messages(datagram); message.next();)
      parts.push(hexOf(datagram.subarray(message.at, message.end)));
    return parts.sort().join('\n');
  });
}
