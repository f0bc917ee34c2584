import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { release, version } from 'node:os';
import type { KernelSeries } from '@ipvs-ts/ipvs/testing';
import type { Place } from './scenario.js';

const FIRST: readonly (readonly [series: KernelSeries, major: number, minor: number])[] = [
  ['7.2', 7, 1],
  ['6.12', 6, 12],
  ['6.1', 6, 1],
  ['5.10', 0, 0],
];

/** The first point releases seen to refuse upper thresholds above 2147483647. */
const LIMITING: Readonly<Partial<Record<KernelSeries, number>>> = { '6.1': 192, '6.12': 107, '7.2': 0 };

/** The kernel that runs this: its series, or the one below it. */
export function thisKernel(): Place {
  // Debian's release names the ABI (6.1.0-50-amd64), its version the point release (Debian 6.1.176-1).
  const point = /Debian (\d+\.\d+\.\d+)/.exec(version())?.[1] ?? release();
  const [major = 0, minor = 0, patch = 0] = point.split('.').map((part) => parseInt(part, 10));
  const found = FIRST.find(([, from, fromMinor]) => major > from || (major === from && minor >= fromMinor));
  const series = found?.[0] ?? '5.10';
  const machine = readFileSync('/proc/cpuinfo', 'utf8').includes('User Mode Linux') ? 'uml' : 'x86-64';
  const limited = patch >= (LIMITING[series] ?? Infinity);
  return { series, machine, thresholds: limited ? 'limited' : 'unlimited' };
}

/** Whether this kernel has IPVS and this process may use it. */
function hasIpvs(): boolean {
  spawnSync('modprobe', ['-q', 'ip_vs']);
  try {
    readFileSync('/proc/net/ip_vs');
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** Skips what needs IPVS where there is none; where CI is set, that is a failure. */
export function needIpvs(context: Mocha.Context): void {
  if (hasIpvs()) return;
  if (process.env['CI'] !== undefined)
    throw new Error('this kernel has no IPVS, or this is not root, and CI is set');
  context.skip();
}

/** Makes a network namespace without any address, and returns its path. */
export function makeBareNamespace(name: string): string {
  ip('netns', 'add', name);
  return `/run/netns/${name}`;
}

/** Creates a network namespace with `lo` and a dummy interface `dum0`, and returns its path. */
export function makeNamespace(name: string): string {
  ip('netns', 'add', name);
  ip('-n', name, 'link', 'set', 'lo', 'up');
  ip('-n', name, 'link', 'add', 'dum0', 'type', 'dummy');
  ip('-n', name, 'address', 'add', '10.99.0.1/24', 'dev', 'dum0');
  ip('-n', name, 'link', 'set', 'dum0', 'up');
  return `/run/netns/${name}`;
}

export function removeNamespace(name: string): void {
  ip('netns', 'delete', name);
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
