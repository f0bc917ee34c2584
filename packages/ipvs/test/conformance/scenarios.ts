import type { Scenario } from './scenario.js';
import { api } from './scenarios/api.js';
import { bareNamespace } from './scenarios/bare-namespace.js';
import { counters } from './scenarios/counters.js';
import { daemons } from './scenarios/daemons.js';
import { destinationErrors } from './scenarios/destination-errors.js';
import { destinations } from './scenarios/destinations.js';
import { framing } from './scenarios/framing.js';
import { mixedFamilies } from './scenarios/mixed-families.js';
import { serviceErrors } from './scenarios/service-errors.js';
import { services } from './scenarios/services.js';
import { timeouts } from './scenarios/timeouts.js';

/** Scenarios with the same results on any IPVS. */
export const SCENARIOS: readonly Scenario[] = [
  ...framing,
  ...services,
  ...serviceErrors,
  ...destinations,
  ...destinationErrors,
  ...bareNamespace,
  ...mixedFamilies,
  ...daemons,
  ...timeouts,
  ...counters,
  ...api,
];
