import { readdir, readFile } from 'node:fs/promises';

/** Programs that are known to change the table of IPVS. */
const WRITERS = new Set([
  'keepalived',
  'ldirectord',
  'kube-proxy',
  'kube-router',
  'ipvsadm',
  'seesaw_ncc',
  'dockerd',
]);

/** Programs on this host that may also change the table: `keepalived (412)`. */
export async function findWriters(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (WRITERS.has(name.trim())) found.push(`${name.trim()} (${pid})`);
  }
  return found;
}
