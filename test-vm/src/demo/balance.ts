// The demo's first part: the tutorial. A service with two servers, six requests, and what the kernel counted.
import { fileURLToPath } from 'node:url';
import { checkCounters, checkRates, checkTable, checkTurns, countersAreIn } from '../demo-checks.js';
import { describeAnswer, fetchPage } from '../http-client.js';
import { poll } from '../poll.js';
import { type Demo, show, VIP } from './cluster.js';

const SCRIPT = fileURLToPath(new URL('../../demo/lvs_nat.sh', import.meta.url));

/** Sets up the director with the command that stands for ipvsadm, and requests the page six times. */
export async function balance(demo: Demo, ipvsadm: string): Promise<void> {
  const {
    client,
    director,
    stage: { report },
  } = demo;
  report.step(`The director becomes a load balancer: lvs_nat.sh, with ${ipvsadm} in place of ipvsadm`);
  await show(demo, director, `TRACE='   $ ' IPVSADM='${ipvsadm}' '${SCRIPT}'`, { prompt: '' });
  checkTable(report, await show(demo, director, `${ipvsadm} -ln`));

  report.step(`The client requests http://${VIP}/ six times`);
  const answers: string[] = [];
  for (let request = 1; request <= 6; request += 1) {
    const answer = describeAnswer(await fetchPage(client, `http://${VIP}/`));
    report.say(`${String(request)}: ${answer}`);
    answers.push(answer);
  }
  checkTurns(report, answers);

  report.step('What the kernel counted');
  report.say('The kernel updates its counters every 2 seconds; waiting until they show the six requests …');
  await poll(() => director.exec(ipvsadm, '-ln', '--stats'), countersAreIn, { limit: 15_000, interval: 500 });
  checkCounters(report, await show(demo, director, `${ipvsadm} -ln --stats`));
  checkRates(report, await show(demo, director, `${ipvsadm} -ln --rate`));
}
