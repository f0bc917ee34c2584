// Writes the manual page and the completions anew, after a change to the tables: npm run manual -w ipvs-ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { manualFiles } from '../dist/manual/files.js';

for (const [path, text] of Object.entries(await manualFiles())) {
  const file = new URL(`../${path}`, import.meta.url);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}
