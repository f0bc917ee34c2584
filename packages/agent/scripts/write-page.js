// Writes the page into the sources of the agent.
import { writeFileSync } from 'node:fs';
import { pageModule, TARGET } from './page.js';

writeFileSync(TARGET, await pageModule());
