// The demo: an LVS-NAT cluster on one machine. Balancing, a planned change, a drain during a download, and the doctor.
import { balance } from './demo/balance.js';
import { change } from './demo/change.js';
import { buildCluster, show, VIP } from './demo/cluster.js';
import { doctor } from './demo/doctor.js';
import { drain } from './demo/drain.js';
import { checkEmpty } from './demo-checks.js';
import { fetchPage } from './http-client.js';
import { runScenario } from './scenario.js';

const ipvsadm = process.env['IPVSADM'] ?? 'ipvs-ts';

await runScenario(async (stage) => {
  const { report } = stage;
  const demo = await buildCluster(stage);
  await balance(demo, ipvsadm);
  await change(demo);
  await drain(demo);
  await doctor(demo);

  report.step('The table is cleared');
  await show(demo, demo.director, `${ipvsadm} -C`);
  checkEmpty(report, await show(demo, demo.director, `${ipvsadm} -ln`));
  report.equal('nobody answers on the VIP now', await fetchPage(demo.client, `http://${VIP}/`), {
    failure: 'refused',
  });
});
