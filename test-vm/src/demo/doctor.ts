// The demo's last part: a fault is made, and the doctor finds and fixes it.
import { checkDiagnosis, checkFixed } from '../demo-checks.js';
import { fetchPage } from '../http-client.js';
import { type Demo, show, VIP } from './cluster.js';

/** Seconds after which the client gives up. */
const LIMIT = 3;

/** Switches IP forwarding off, and lets the doctor find and fix it. */
export async function doctor(demo: Demo): Promise<void> {
  const {
    client,
    director,
    stage: { report },
  } = demo;
  report.step('Somebody breaks the director; the doctor finds out how');
  await show(demo, director, 'sysctl -w net.ipv4.ip_forward=0');
  report.say(`The client requests the page again, and waits ${String(LIMIT)} seconds …`);
  report.equal('the client gets no answer', await fetchPage(client, `http://${VIP}/`, { limit: LIMIT }), {
    failure: 'timeout',
  });
  checkDiagnosis(report, await show(demo, director, 'ipvs-ts doctor', { status: 1 }));
  report.say('The doctor changes a kernel setting only with --fix:');
  checkFixed(report, await show(demo, director, 'ipvs-ts doctor --fix'));
  const answer = await fetchPage(client, `http://${VIP}/`);
  report.check('the client gets a page again', 'page' in answer, answer);
}
