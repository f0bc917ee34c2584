// From one set of servers to another without cutting anyone off: node blue-green.js SERVICE DESTINATION…
// The destinations named here take over; all others are drained: weight 0, wait until nobody is connected, delete.
import { ApplyError, Ipvs } from '@ipvs-ts/ipvs';

const [service = '', ...green] = process.argv.slice(2);
if (green.length === 0) throw new Error('usage: blue-green SERVICE DESTINATION…');

const ipvs = await Ipvs.open();
try {
  const { scheduler, flags, persistence, onePacket } = await ipvs.service(service);
  const plan = await ipvs.plan(
    {
      services: {
        // What a document leaves out goes back to its default, so it says what is there already.
        [service]: {
          ...{ scheduler, flags, persistence, onePacket },
          destinations: Object.fromEntries(green.map((key) => [key, { forwarding: 'masq' as const }])),
        },
      },
    },
    {
      drain: {
        timeout: 300_000,
        poll: 500,
        onProgress: ({ destination, activeConnections }) =>
          console.log(`waiting for ${activeConnections} connections of ${destination}`),
      },
    },
  );
  for (const change of plan) console.log(String(change));
  await plan.apply();
} catch (error) {
  if (!ApplyError.is(error)) throw error;
  for (const result of error.changes) console.log(`${result.outcome}: ${String(result.change)}`);
  process.exitCode = 1;
} finally {
  await ipvs.close();
}
