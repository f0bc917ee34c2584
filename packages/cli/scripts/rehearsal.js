// Which functions of the bundles a usual run calls: V8's code of all others would cost more to read than it saves.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KERNEL = new URL('./rehearsal-kernel.js', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../bin/ipvs-ts.js', import.meta.url));

const SERVICE = ['-t', '10.0.0.0:80'];
const SERVER = ['-r', '172.16.0.1:8080'];

/** The command lines, and the table that they find. */
const LINES = [
  { table: '0x0', argv: ['-A', ...SERVICE, '-s', 'rr'] },
  { table: '1x0', argv: ['-a', ...SERVICE, ...SERVER, '-m', '-w', '2'] },
  { table: '1x1', argv: ['-E', ...SERVICE, '-s', 'wlc', '-p'] },
  { table: '1x1', argv: ['-e', ...SERVICE, ...SERVER, '-m', '-w', '3'] },
  { table: '1x1', argv: ['-d', ...SERVICE, ...SERVER] },
  { table: '1x1', argv: ['-D', ...SERVICE] },
  { table: '0x0', argv: ['-C'] },
  { table: '2x2', argv: ['-ln'] },
  { table: '60x4', argv: ['-ln'] },
  { table: '60x4', argv: ['-Ln', '--stats'] },
  { table: '60x4', argv: ['-S', '-n'] },
  { table: '0x0', argv: ['-R'], rules: 60 },
  { table: '2x2', argv: ['plan', '--from-rules', '-f', '-'], rules: 2 },
  { table: '60x4', argv: ['plan', '--from-rules', '-f', '-'], rules: 60 },
  { table: '0x0', argv: ['apply', '--from-rules', '-f', '-'], rules: 60 },
  { table: '2x2', argv: ['plan', '-'], input: documentOf(2) },
  { table: '2x2', argv: ['plan', '-'], input: yamlOf(2) },
  { table: '0x0', argv: ['apply', '-'], input: documentOf(2) },
  { table: '0x0', argv: ['validate', '-'], input: yamlOf(2) },
  { table: '60x4', argv: ['export'] },
  { table: '0x0', argv: ['version'] },
];

/** A document of so many services as JSON. */
function documentOf(services) {
  const destinations = Object.fromEntries(
    ['172.16.0.1:8080', '172.16.0.2:8080'].map((name) => [name, { forwarding: 'masq', weight: 1 }]),
  );
  const names = Array.from({ length: services }, (_, each) => `tcp:10.0.0.${each}:80`);
  const entries = names.map((name) => [name, { scheduler: 'wlc', destinations }]);
  return JSON.stringify({ services: Object.fromEntries(entries) }, undefined, 2);
}

/** The same as YAML, in the form of `export`. */
function yamlOf(services) {
  const destinations = ['172.16.0.1:8080', '172.16.0.2:8080']
    .map((name) => `      ${name}:\n        forwarding: masq\n        weight: 1\n`)
    .join('');
  const entries = Array.from(
    { length: services },
    (_, each) => `  tcp:10.0.0.${each}:80:\n    scheduler: wlc\n    destinations:\n${destinations}`,
  );
  return `services:\n${entries.join('')}`;
}

function rulesOf(services) {
  return Array.from({ length: services }, (_, each) => `-t 10.0.0.${each}:80`)
    .map(
      (name) =>
        `-A ${name} -s wlc\n-a ${name} -r 172.16.0.1:8080 -m -w 1\n-a ${name} -r 172.16.0.2:8080 -m -w 1\n`,
    )
    .join('');
}

/** Where the functions that ran end, as offsets in increasing order, by the path of their bundle. */
export function usedFunctions() {
  const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-rehearsal-'));
  try {
    for (const { table, argv, rules = 0, input = rulesOf(rules) } of LINES) {
      const { status, stderr } = spawnSync(process.execPath, ['--import', KERNEL, PROGRAM, ...argv], {
        env: { PATH: process.env.PATH, NODE_V8_COVERAGE: directory, TABLE: table },
        input,
        encoding: 'utf8',
      });
      if (status !== 0 && status !== 2)
        throw new Error(`ipvs-ts ${argv.join(' ')} ended with status ${status}: ${stderr}`);
    }
    return collected(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function collected(directory) {
  const used = new Map();
  for (const file of readdirSync(directory))
    for (const { url, functions } of JSON.parse(readFileSync(join(directory, file), 'utf8')).result) {
      if (!url.startsWith('file:') || !url.endsWith('.cjs')) continue;
      const path = fileURLToPath(url);
      const known = used.get(path) ?? new Set();
      used.set(path, known);
      for (const { ranges } of functions) {
        const [{ endOffset, count }] = ranges;
        if (count > 0) known.add(endOffset);
      }
    }
  return new Map([...used].map(([path, ends]) => [path, [...ends].sort((one, other) => one - other)]));
}
