// Writes the pages that are generated from tables: npm run pages
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';
import { pages } from './pages.js';

for (const [path, text] of Object.entries(await pages())) writeFileSync(join(CHECKOUT, path), text);
