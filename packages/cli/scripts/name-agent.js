// Lets the package ask for the agent of its own version: lerna leaves peer dependencies as they are. Runs in a release.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package.json', import.meta.url);
const manifest = JSON.parse(readFileSync(path, 'utf8'));
manifest.peerDependencies['@ipvs-ts/agent'] = manifest.version;
writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
