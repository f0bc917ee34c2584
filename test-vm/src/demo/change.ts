// The demo's second part: a change, planned and applied.
import { checkChange, checkPlan, checkShares } from '../demo-checks.js';
import { describeAnswer, fetchPage } from '../http-client.js';
import { type Demo, SERVERS, show, VIP } from './cluster.js';

/** Adds the spare server with twice the weight by editing an exported document. */
export async function change(demo: Demo): Promise<void> {
  const {
    client,
    director,
    stage: { report },
  } = demo;
  report.step('The spare server joins: export the table, edit the document, plan, apply');
  const line = `      ${SERVERS.spare}:80: { forwarding: masq, weight: 2 }`;
  await show(demo, director, 'ipvs-ts export >lb.yaml');
  await show(
    demo,
    director,
    `sed -e 's/scheduler: rr/scheduler: wrr/' -e '/${SERVERS.slave}:80/a \\${line}' lb.yaml >new.yaml`,
  );
  await show(demo, director, 'diff lb.yaml new.yaml', { status: 1 });
  report.say('plan shows what apply would change, and changes nothing (exit status 2: there are changes):');
  checkPlan(report, await show(demo, director, 'ipvs-ts plan -f new.yaml', { status: 2 }));
  await show(demo, director, 'ipvs-ts apply -f new.yaml');
  checkChange(report, await show(demo, director, 'ipvs-ts -ln --stats'));

  report.say('Four more requests, of which the spare server takes two:');
  const answers: string[] = [];
  for (let request = 1; request <= 4; request += 1) {
    const answer = describeAnswer(await fetchPage(client, `http://${VIP}/`));
    report.say(`${String(request)}: ${answer}`);
    answers.push(answer);
  }
  checkShares(report, answers);
}
