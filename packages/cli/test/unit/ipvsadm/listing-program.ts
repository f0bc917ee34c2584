/** Lists a table of a kernel in memory, for `ways.test.ts`: prints whether the fast maker of lines runs, and what is listed. */
import { IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { main } from '../../../dist/ipvsadm/main.js';
import { trial } from '../fake-ipvs.js';

const kernel = new IpvsKernel();
const filler = IpvsSync.open({ transport: doubleTransportSync(kernel) });
filler.addService('tcp:192.0.2.10:443', { scheduler: 'rr', persistence: { timeout: 300, netmask: 24 } });
filler.addDestination('tcp:192.0.2.10:443', '10.0.0.11:443', { forwarding: 'masq', weight: 7 });
filler.addService('udp:[2001:db8::10]:53', { scheduler: 'sh', flags: ['sh-port'], onePacket: true });
filler.addDestination('udp:[2001:db8::10]:53', '[2001:db8::11]:53', {
  forwarding: 'tunnel',
  tunnel: { type: 'gue', port: 6080 },
});
filler.addService('fwmark:66051');
kernel.count('tcp:192.0.2.10:443', '10.0.0.11:443', { stats: { inBytes: 10n ** 16n + 1n } });

let fast = false;
function listed(argv: readonly string[]): string {
  const io = trial(
    {},
    {
      open: () => {
        const ipvs = IpvsVerbsSync.open({ transport: doubleTransportSync(kernel), checks: 'kernel' });
        const listing = ipvs.bulkListing.bind(ipvs);
        ipvs.bulkListing = (...given) => {
          const made = listing(...given);
          fast = made !== undefined;
          return made;
        };
        return ipvs;
      },
    },
  );
  const status = main(argv, io);
  return `${status} ${io.out}${io.err}`;
}

const texts = [['-ln'], ['-S', '-n'], ['-ln', '--stats', '--exact'], ['-ln', '--thresholds']].map(listed);
process.stdout.write(JSON.stringify({ fast, texts }));
