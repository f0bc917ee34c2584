import { type Mode, makeBench } from './bench.js';
import { askFour, faultScenario } from './fault.js';
import { directFaults } from './faults/direct.js';
import { firewallFaults } from './faults/firewall.js';
import { hostFaults } from './faults/host.js';
import { natFaults } from './faults/nat.js';
import type { Scenario } from './lab.js';
import { disturbanceScenarios } from './scenarios/disturbance.js';
import { failoverScenarios } from './scenarios/failover.js';
import { loadScenarios } from './scenarios/load.js';
import { modeScenarios } from './scenarios/modes.js';
import { protocolScenarios } from './scenarios/protocols.js';
import { schedulerScenarios } from './scenarios/schedulers.js';
import { diagnose } from '@ipvs-ts/director';

const healthy: readonly Scenario[] = (['nat', 'nat6', 'nat-one-wire', 'fullnat', 'dr', 'tun'] as const).map(
  (mode: Mode) => ({
    name: `healthy/${mode}`,
    title: 'clients are served, and doctor finds nothing',
    quick: mode !== 'nat6' && mode !== 'nat-one-wire',
    needs: mode === 'fullnat' ? 'nat-table' : undefined,
    run: async (lab) => {
      const bench = await makeBench(lab, mode);
      lab.report.equal('both servers answer', (await askFour(bench)).sort(), ['one', 'one', 'two', 'two']);
      const { findings } = await diagnose(bench.ipvs, { netns: bench.director.path });
      lab.report.equal('doctor finds nothing', findings, []);
    },
  }),
);

/** Every scenario. */
export const SCENARIOS: readonly Scenario[] = [
  ...modeScenarios,
  ...schedulerScenarios,
  ...protocolScenarios,
  ...failoverScenarios,
  ...loadScenarios,
  ...disturbanceScenarios,
  ...healthy,
  ...[...natFaults, ...firewallFaults, ...directFaults, ...hostFaults].map(faultScenario),
];
