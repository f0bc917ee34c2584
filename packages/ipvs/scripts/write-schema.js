// Writes schema.json anew, after a change to the table of fields: npm run schema -w @ipvs-ts/ipvs
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { documentSchema } from '../dist/document/json-schema.js';

const text = await format(JSON.stringify(documentSchema()), { parser: 'json', printWidth: 110 });
writeFileSync(new URL('../schema.json', import.meta.url), text);
