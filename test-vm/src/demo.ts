// The demo: an LVS-NAT cluster on one machine, set up by test-vm/demo/lvs_nat.sh with ipvs-ts in ipvsadm's place.
import { fileURLToPath } from 'node:url';
import {
  countersAreIn,
  checkCounters,
  checkEmpty,
  checkRates,
  checkTable,
  checkTurns,
} from './demo-checks.js';
import { describeAnswer, fetchPage } from './http-client.js';
import type { Namespace } from './namespace.js';
import { poll } from './poll.js';
import { ProgramError } from './run-program.js';
import { type Stage, runScenario } from './scenario.js';
import type { TopologyPlan } from './topology.js';

const vip = '192.168.56.128';
const plan: TopologyPlan<'client' | 'director' | 'master' | 'slave'> = {
  hosts: {
    client: { interfaces: { eth0: ['192.168.56.1/24'] } },
    director: { interfaces: { ens33: [`${vip}/24`], ens34: ['192.168.0.139/24'] } },
    master: { interfaces: { eth0: ['192.168.0.134/24'] }, gateways: ['192.168.0.139'] },
    slave: { interfaces: { eth0: ['192.168.0.140/24'] }, gateways: ['192.168.0.139'] },
  },
  networks: {
    outside: ['client/eth0', 'director/ens33'],
    inside: ['director/ens34', 'master/eth0', 'slave/eth0'],
  },
};
const picture = `
   client 192.168.56.1
     |
   director  outside 192.168.56.128 (the virtual address, VIP)
     |       inside  192.168.0.139
     +---- master 192.168.0.134 (nginx)
     +---- slave  192.168.0.140 (nginx)
`;
const ipvsadm = process.env['IPVSADM'] ?? 'ipvs-ts';
const script = fileURLToPath(new URL('../demo/lvs_nat.sh', import.meta.url));

await runScenario(async (stage) => {
  const { report } = stage;
  report.step('A small network, each host a network namespace');
  report.write(picture);
  const { client, director, master, slave } = await stage.build(plan);
  await stage.serve(master, 'this is master server');
  await stage.serve(slave, 'this is slave server');
  report.say(
    'The default gateway of both real servers is 192.168.0.139, the inside address of the director.',
  );
  report.say(
    'Tutorials sometimes name the VIP there; no kernel takes a gateway outside the server’s own network.',
  );

  report.step(`The director becomes a load balancer: lvs_nat.sh, with ${ipvsadm} in the place of ipvsadm`);
  await show(stage, director, ['env', 'TRACE=   $ ', `IPVSADM=${ipvsadm}`, script], '');
  checkTable(report, await show(stage, director, [ipvsadm, '-ln']));

  report.step(`The client asks http://${vip}/ six times`);
  const answers: string[] = [];
  for (let request = 1; request <= 6; request += 1) {
    const answer = describeAnswer(await fetchPage(client, `http://${vip}/`));
    report.say(`${String(request)}: ${answer}`);
    answers.push(answer);
  }
  checkTurns(report, answers);

  report.step('What the kernel counted');
  report.say('The kernel adds its counters up every 2 seconds; waiting until they show the six requests …');
  await poll(() => director.exec(ipvsadm, '-ln', '--stats'), countersAreIn, { limit: 15_000, interval: 500 });
  checkCounters(report, await show(stage, director, [ipvsadm, '-ln', '--stats']));
  checkRates(report, await show(stage, director, [ipvsadm, '-ln', '--rate']));

  report.step('The table is cleared');
  await show(stage, director, [ipvsadm, '-C']);
  checkEmpty(report, await show(stage, director, [ipvsadm, '-ln']));
  report.equal('nobody answers on the VIP now', await fetchPage(client, `http://${vip}/`), {
    failure: 'refused',
  });
});

/** Run a command on a host in sight of the reader; the result is its output. */
async function show(stage: Stage, host: Namespace, command: string[], prompt = '   $ '): Promise<string> {
  if (prompt !== '') stage.report.write(`${prompt}${command.join(' ')}\n`);
  const outcome = await host.try(command, {
    onOutput: (text) => {
      stage.report.write(text);
    },
  });
  if (outcome.status !== 0) throw new ProgramError(command, outcome);
  return outcome.stdout;
}
