import { faultScenario } from './fault.js';
import { directFaults } from './faults/direct.js';
import { firewallFaults } from './faults/firewall.js';
import { hostFaults } from './faults/host.js';
import { natFaults } from './faults/nat.js';
import { roleFaults } from './faults/roles.js';
import { ruleFaults } from './faults/rules.js';
import type { Scenario } from './lab.js';
import { agentScenarios } from './scenarios/agent.js';
import { agentHostScenarios } from './scenarios/agent-host.js';
import { agentSystemdScenarios } from './scenarios/agent-systemd.js';
import { agentFaultScenarios } from './scenarios/agent-faults.js';
import { agentChaosScenarios } from './scenarios/agent-chaos.js';
import { disturbanceScenarios } from './scenarios/disturbance.js';
import { doctorScenarios } from './scenarios/doctor.js';
import { failoverScenarios } from './scenarios/failover.js';
import { fleetScenarios } from './scenarios/fleet.js';
import { healthyScenarios } from './scenarios/healthy.js';
import { importScenarios } from './scenarios/imports.js';
import { loadScenarios } from './scenarios/load.js';
import { modeScenarios } from './scenarios/modes.js';
import { protocolScenarios } from './scenarios/protocols.js';
import { schedulerScenarios } from './scenarios/schedulers.js';
import { situationScenarios } from './situations.js';

/** Every scenario. */
export const SCENARIOS: readonly Scenario[] = [
  ...agentScenarios,
  ...agentFaultScenarios,
  ...agentHostScenarios,
  ...agentSystemdScenarios,
  ...agentChaosScenarios,
  ...importScenarios,
  ...modeScenarios,
  ...schedulerScenarios,
  ...protocolScenarios,
  ...failoverScenarios,
  ...loadScenarios,
  ...fleetScenarios,
  ...disturbanceScenarios,
  ...healthyScenarios,
  ...doctorScenarios,
  ...situationScenarios,
  ...[...natFaults, ...firewallFaults, ...ruleFaults, ...directFaults, ...roleFaults, ...hostFaults].map(
    faultScenario,
  ),
];
