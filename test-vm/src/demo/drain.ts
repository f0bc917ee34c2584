// The demo's third part: a server is removed while a client downloads from it.
import { checkDrain, isQuiesced, serverOf } from '../demo-checks.js';
import { describeAnswer, fetchPage } from '../http-client.js';
import { poll } from '../poll.js';
import { DOWNLOAD } from '../web-server.js';
import { type Demo, SERVICE, SERVERS, show, VIP } from './cluster.js';

/** Milliseconds between two requests during the drain. */
const PAUSE = 1_000;

/** Starts a download, drains the server that serves it, and sends requests meanwhile. */
export async function drain(demo: Demo): Promise<void> {
  const {
    client,
    director,
    stage: { report },
  } = demo;
  report.step('A server is removed while a client downloads from it');
  report.say(
    `The download is slow (${String(DOWNLOAD.bytes / 1000)} kB in about 10 seconds), so this takes 15 to 20 seconds.`,
  );
  const curl = `curl --silent --show-error --output download --write-out '%{http_code} %{size_download}' http://${VIP}/download`;
  report.write(`   client$ ${curl} &\n`);
  const download = client.try(['sh', '-ec', curl]);
  const listing = await poll(
    () => director.exec('ipvs-ts', '-ln'),
    (text) => serverOf(text) !== undefined,
    { limit: 15_000, interval: 200 },
  );
  const address = serverOf(listing) ?? SERVERS.master;
  report.say(
    `The connection goes to ${address}. Drain that server, and send a request every second meanwhile:`,
  );

  const run = { over: false };
  const draining = show(demo, director, `ipvs-ts drain ${SERVICE} ${address}`, {
    prompt: '   director$ ',
  }).finally(() => (run.over = true));
  // The requests that count begin when the server has weight 0.
  await poll(
    () => director.exec('ipvs-ts', '-ln'),
    (text) => run.over || isQuiesced(text, address),
    { limit: 15_000, interval: 200 },
  );
  const answers: string[] = [];
  while (!run.over) {
    answers.push(describeAnswer(await fetchPage(client, `http://${VIP}/`)));
    await Promise.race([draining.catch(() => undefined), new Promise((done) => setTimeout(done, PAUSE))]);
  }
  await draining;
  const { stdout, stderr } = await download;
  report.say(`The download ended with status and bytes: ${stdout}${stderr}`);
  report.say(
    `Requests meanwhile: ${String(answers.length)}, answered by ${[...new Set(answers)].join(', ')}`,
  );
  const drained = Object.entries(SERVERS).find(([, server]) => address === `${server}:80`)?.[0] ?? address;
  checkDrain(report, {
    drained,
    download: stdout,
    answers,
    listing: await show(demo, director, 'ipvs-ts -ln'),
  });
}
