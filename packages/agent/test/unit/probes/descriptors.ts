/** A process without a free descriptor: runs a check of each type, and prints what they say as JSON. */
import { openSync, writeSync } from 'node:fs';
import { CHECK_TYPES, probeOf, readDeclared, SocketEngine } from '@ipvs-ts/agent';

const CHECKS: readonly object[] = [
  { tcp: {} },
  { tls: {} },
  { http: {} },
  { https: {} },
  { dns: { name: 'example.org' } },
  { dns: { name: 'example.org', tcp: true } },
  { udp: { send: 'x' } },
  { ping: {} },
  { script: { command: ['true'] } },
  { file: { path: '/proc/self/status' } },
  { agent: {} },
];

const port = Number(process.argv[2]);
const probes = CHECKS.map((check) => {
  const document = {
    services: {
      'tcp:192.0.2.1:80': { check: { ...check, timeout: '5s' }, destinations: { [`127.0.0.1:${port}`]: {} } },
    },
  };
  const { declared } = readDeclared(document, 'one', CHECK_TYPES);
  const [destination] = declared?.services.get('tcp:192.0.2.1:80')?.destinations ?? [];
  const [first] = destination?.checks ?? [];
  if (destination === undefined || first === undefined) throw new Error('the document has a mistake');
  return probeOf(first, destination, '192.0.2.1');
});
const engine = new SocketEngine();
// One check first, so that what is loaded at the first use is loaded.
for (const probe of probes) await engine.run(probe);
for (;;) {
  try {
    openSync('/dev/null', 'r');
  } catch {
    break;
  }
}
const results = [];
for (const probe of probes) results.push({ type: probe.check.type, ...(await engine.run(probe)) });
// Without a descriptor Bun has no process.stdout.
writeSync(1, JSON.stringify(results));
process.exit(0);
