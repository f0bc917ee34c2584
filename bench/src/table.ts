/** The table as objects, read by the library in a process of its own. */
import { IpvsSync } from '@ipvs-ts/ipvs';

using ipvs = IpvsSync.open();
const table = ipvs.table();
const destinations = table.reduce((sum, entry) => sum + entry.destinations.length, 0);
process.stdout.write(`${table.length} services ${destinations} destinations\n`);
