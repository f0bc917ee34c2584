import type { Scenario } from './lab.js';
import { arpSituations } from './situations/arp.js';
import { manySituations } from './situations/many.js';
import { markSituations } from './situations/marks.js';
import { natSituations } from './situations/nat-tables.js';
import { nftSituations } from './situations/nft.js';
import { protocolSituations } from './situations/protocols.js';
import { roleSituations } from './situations/roles.js';
import { ruleSituations } from './situations/rules.js';
import { type Situation, situationScenario } from './situations/situation.js';
import { stateSituations } from './situations/states.js';

/** Pairs of set-ups that look alike, one of which keeps clients away. */
export const situations: readonly Situation[] = [
  ...ruleSituations,
  ...stateSituations,
  ...markSituations,
  ...natSituations,
  ...protocolSituations,
  ...roleSituations,
  ...manySituations,
  ...arpSituations,
  ...nftSituations,
];

/** The same as scenarios. */
export const situationScenarios: readonly Scenario[] = situations.map(situationScenario);
