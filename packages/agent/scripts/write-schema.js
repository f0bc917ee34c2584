// Writes status.schema.json anew, after a change to the status: npm run schema -w @ipvs-ts/agent
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { statusSchema } from '../dist/report/status-schema.js';

const text = await format(JSON.stringify(statusSchema()), { parser: 'json', printWidth: 110 });
writeFileSync(new URL('../status.schema.json', import.meta.url), text);
