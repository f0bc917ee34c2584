/** `npm run api`: writes the public API to `etc/`; read the changes before you commit them. */
import { API_ENTRIES, checkApi } from './api-report.js';

for (const entry of API_ENTRIES) for (const line of checkApi(entry, true)) process.stderr.write(`${line}\n`);
