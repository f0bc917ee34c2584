/** The listings of timeouts and sync daemons. */
import type { Daemon, Timeouts } from '@ipvs-ts/ipvs';
import { DAEMON_STATES } from '@ipvs-ts/ipvs/verbs-sync';

/** The line of `-l --timeout`. */
export function timeoutText({ tcp, tcpFin, udp }: Timeouts): string {
  return `Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}\n`;
}

/** The lines of `-l --daemon`: master first, without zero and empty values. */
export function daemonsText(daemons: readonly Daemon[]): string {
  return DAEMON_STATES.flatMap((state) => daemons.filter((daemon) => daemon.state === state))
    .map((daemon) => `${daemon.state} sync daemon (${daemonSettings(daemon).join(', ')})\n`)
    .join('');
}

function daemonSettings(daemon: Daemon): string[] {
  const settings = [`mcast=${daemon.interface}`, `syncid=${daemon.syncId}`];
  if (daemon.maxLength) settings.push(`maxlen=${daemon.maxLength}`);
  if (daemon.group) settings.push(`group=${daemon.group}`);
  if (daemon.port) settings.push(`port=${daemon.port}`);
  if (daemon.ttl) settings.push(`ttl=${daemon.ttl}`);
  return settings;
}
