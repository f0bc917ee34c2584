// The least that Node needs for the requests of the agent: a loop that connects, asks, reads the status and resets.
// usage: node bare.js PORT INTERVAL COUNT
import { connect } from 'node:net';
import { addressAt } from './addresses.js';
import { reportCost } from './cost.js';

const [port, interval, count] = process.argv.slice(2).map(Number) as [number, number, number];
const addresses = Array.from({ length: count }, (_, index) => addressAt(index));
const REQUEST =
  'GET / HTTP/1.1\r\nHost: 192.0.2.10\r\nUser-Agent: ipvs-ts-agent\r\nAccept: */*\r\nConnection: close\r\n\r\n';

function ask(host: string): void {
  const socket = connect({ host, port });
  const timer = setTimeout(() => socket.destroy(), 2000);
  socket.on('error', () => undefined);
  socket.once('connect', () => socket.write(REQUEST));
  socket.on('data', (bytes: Buffer) => {
    if (!bytes.toString('latin1').startsWith('HTTP/1.1 200')) process.exitCode = 1;
    clearTimeout(timer);
    socket.resetAndDestroy();
  });
}

const start = performance.now();
let asked = 0;
setInterval(() => {
  const wanted = ((performance.now() - start) / interval) * count;
  for (; asked < wanted; asked++) ask(addresses[asked % count] as string);
}, 1);
reportCost();
process.send?.('ready');
