import type { Bench } from './bench.js';
import type { Namespace } from './namespace.js';

const SERVER = `use Socket; socket(S, AF_INET, SOCK_STREAM, 132) or die; setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
bind(S, sockaddr_in(3868, INADDR_ANY)) or die $!; listen(S, 9); while (accept(C, S)) { syswrite(C, $ARGV[0]); close(C); }`;
const CLIENT = `use Socket; alarm 4; socket(S, AF_INET, SOCK_STREAM, 132) or die;
connect(S, sockaddr_in(3868, inet_aton('192.0.2.10'))) or die $!; sysread(S, $t, 99); print $t;`;

/** Adds a service by SCTP with both servers, which send their names. */
export async function addSctp({
  ipvs,
  lab,
  one,
  two,
}: Pick<Bench, 'ipvs' | 'lab' | 'one' | 'two'>): Promise<void> {
  await ipvs.addService('sctp:192.0.2.10:3868', { scheduler: 'rr' });
  for (const [server, name, last] of [
    [one, 'one', 11],
    [two, 'two', 12],
  ] as const) {
    const child = server.start('perl', '-e', SERVER, name);
    lab.cleanup.add(`SCTP server of ${name}`, async () => {
      child.kill('SIGKILL');
    });
    await ipvs.addDestination('sctp:192.0.2.10:3868', `10.0.0.${String(last)}:3868`, { forwarding: 'masq' });
  }
}

/** The name of the server that a client's association was sent to; '' if there was no answer within four seconds. */
export async function askSctp(client: Namespace): Promise<string> {
  return (await client.try(['perl', '-e', CLIENT])).stdout;
}
