/** Runs a check of each type that uses the network against an address, and prints what they say as JSON. */
import { writeSync } from 'node:fs';
import { CHECK_TYPES, probeOf, readDeclared, SocketEngine } from '@ipvs-ts/agent';

const CHECKS: readonly object[] = [
  { tcp: {} },
  { tls: {} },
  { http: {} },
  { https: {} },
  { dns: { name: 'example.org' } },
  { dns: { name: 'example.org', tcp: true } },
  { udp: { send: 'x' } },
  { agent: {} },
];

const destination = process.argv[2] ?? '';
const service = destination.startsWith('[') ? 'tcp:[2001:db8::1]:80' : 'tcp:192.0.2.1:80';
const engine = new SocketEngine();
const results: object[] = [];
for (const check of CHECKS) {
  const document = {
    services: { [service]: { check: { ...check, timeout: '5s' }, destinations: { [destination]: {} } } },
  };
  const { declared } = readDeclared(document, 'one', CHECK_TYPES);
  const [only] = declared?.services.get(service)?.destinations ?? [];
  const [first] = only?.checks ?? [];
  if (only === undefined || first === undefined) throw new Error('the document has a mistake');
  const { outcome, reason, refused = false } = await engine.run(probeOf(first, only, '192.0.2.1'));
  results.push({ type: first.type, outcome, reason, refused });
}
// Without a descriptor Bun has no process.stdout.
writeSync(1, JSON.stringify(results));
process.exit(0);
