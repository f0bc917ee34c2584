/** The table as objects, read inside a running process; `again`: for the second time. Without the start of Node. */
import { Ipvs, IpvsSync, type TableEntry } from '@ipvs-ts/ipvs';

const [face, again] = process.argv.slice(2);
const ipvs = face === 'async' ? await Ipvs.open() : IpvsSync.open();

async function read(): Promise<readonly TableEntry[]> {
  return ipvs instanceof IpvsSync ? ipvs.table() : await ipvs.table();
}

if (again !== undefined) await read();

const [start, begin] = [process.cpuUsage(), process.hrtime.bigint()];
const table = await read();
const { user, system } = process.cpuUsage(start);
const wall = Number((process.hrtime.bigint() - begin) / 1000n);
await ipvs.close();
const destinations = table.reduce((sum, entry) => sum + entry.destinations.length, 0);
process.stdout.write(`${JSON.stringify({ user, system, wall, destinations })}\n`);
