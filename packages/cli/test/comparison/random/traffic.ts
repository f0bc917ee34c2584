/** Tables that this machine can send packets through, and the packets. */
import type { Source } from './source.js';

/** Where the packets of a table go. */
export interface Target {
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  readonly packets: number;
}

/** Services at the namespace's own addresses with real servers on the loopback. */
export function drawTrafficTable(source: Source): { readonly rules: string[]; readonly targets: Target[] } {
  const rules: string[] = [];
  const targets: Target[] = [];
  for (let port = 9; port < 25; port++) {
    const ipv6 = source.chance(0.3);
    const protocol = source.chance(0.25) ? 'tcp' : 'udp';
    const host = ipv6 ? '2001:db8::1' : '192.0.2.1';
    const service = `-${protocol.charAt(0)} ${ipv6 ? `[${host}]` : host}:${port}`;
    const persistence = source.chance(0.3) ? ` -p ${100 + source.below(1000)}` : '';
    rules.push(
      `-A ${service} -s ${source.pick(['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'sh'])}${persistence}`,
    );
    for (let server = 2 + source.below(3); server > 0; server--) {
      const address = ipv6 ? `[2001:db8::1]:${1000 + server}` : `127.0.0.${server}:${1000 + source.below(3)}`;
      rules.push(`-a ${service} -r ${address} -m -w ${1 + source.below(9)}`);
    }
    targets.push({ protocol, host, port, packets: 5 + source.below(40) });
  }
  return { rules, targets };
}

/** A script that sends the packets: one connection each, to servers that are not there. */
export function trafficScript(targets: readonly Target[]): string {
  const sends = targets.map(({ protocol, host, port, packets }) => {
    const size = 1 + ((port * 37) % 900);
    return `send /dev/${protocol}/${host}/${port} ${packets} ${size}`;
  });
  const send =
    'send() { printf -v text "%*s" "$3" x; ' +
    'for ((i = 0; i < $2; i++)); do { exec 3>"$1" && printf %s "$text" >&3; exec 3>&-; } 2>/dev/null; done; }';
  // The loop stays in one process.
  return `bash -c '${[send, ...sends].join('\n')}\ntrue'`;
}
