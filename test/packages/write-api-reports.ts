/** `npm run api`: writes what is public into `etc/`, to be read before it is committed. */
import { API_ENTRIES, checkApi } from './api-report.js';

for (const entry of API_ENTRIES) for (const line of checkApi(entry, true)) process.stderr.write(`${line}\n`);
