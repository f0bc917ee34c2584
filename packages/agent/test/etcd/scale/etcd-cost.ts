/** What a node of etcd has done since it started, from its metrics and its entry in /proc. */
import { readFileSync } from 'node:fs';
import type { EtcdNode } from '../etcd.js';

/** Counts since the start of the node. */
export interface EtcdCost {
  /** Messages that it received: requests, and parts of streams. */
  readonly received: number;
  /** Messages that it sent: answers, and news of watches. */
  readonly sent: number;
  /** Bytes of both, as gRPC counts them behind the JSON gateway. */
  readonly bytes: number;
  /** CPU of user and system, in milliseconds. */
  readonly cpu: number;
}

/** Clock ticks a second, as Linux gives them to programs. */
const TICKS = 100;
const MESSAGES = /^grpc_server_msg_(received|sent)_total\{.*\} (\S+)$/gm;
const BYTES = /^etcd_network_client_grpc_(?:received|sent)_bytes_total (\S+)$/gm;

/** Reads the counts of a node. */
export async function etcdCost(node: EtcdNode): Promise<EtcdCost> {
  const metrics = await (await fetch(`${node.client}/metrics`)).text();
  const messages = { received: 0, sent: 0 };
  for (const [, direction, count] of metrics.matchAll(MESSAGES))
    messages[direction as keyof typeof messages] += Number(count);
  const bytes = [...metrics.matchAll(BYTES)].reduce((sum, [, count]) => sum + Number(count), 0);
  return { ...messages, bytes, cpu: cpuOf(node.process?.pid ?? 0) };
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // utime and stime, fields 14 and 15 of /proc/PID/stat in proc(5); `fields` begins with the third.
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}
