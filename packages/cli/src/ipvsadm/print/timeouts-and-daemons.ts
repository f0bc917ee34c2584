/** The listings of timeouts and sync daemons. */
import type { Daemon, Timeouts } from '@ipvs-ts/ipvs';

/** The line of `-l --timeout`. */
export function timeoutText({ tcp, tcpFin, udp }: Timeouts): string {
  return `Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}\n`;
}

/** The lines of `-l --daemon`: master first; what is zero or empty is left out. */
export function daemonsText(daemons: readonly Daemon[]): string {
  return (['master', 'backup'] as const)
    .flatMap((state) => daemons.filter((daemon) => daemon.state === state))
    .map((daemon) => `${daemon.state} sync daemon (${daemonWords(daemon).join(', ')})\n`)
    .join('');
}

function daemonWords(daemon: Daemon): string[] {
  const words = [`mcast=${daemon.interface}`, `syncid=${daemon.syncId}`];
  if (daemon.maxLength) words.push(`maxlen=${daemon.maxLength}`);
  if (daemon.group) words.push(`group=${daemon.group}`);
  if (daemon.port) words.push(`port=${daemon.port}`);
  if (daemon.ttl) words.push(`ttl=${daemon.ttl}`);
  return words;
}
