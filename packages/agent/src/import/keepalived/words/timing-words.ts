import { dropped, taken, type Words } from './word.js';

const LATER = 'not supported yet by the agent';

/** Words that a virtual server, a real server and a checker have in common. */
export const TIMING: Words = {
  delay_loop: taken('interval of its checks'),
  retry: taken('fall of its checks: one more than this'),
  delay_before_retry: taken('failingInterval of its checks'),
  connect_timeout: taken('timeout of its checks'),
  warmup: taken('nothing: the agent spreads the first checks over an interval by itself'),
  alpha: {
    ...taken('nothing: in an empty table the agent sets the weight of a destination when it passes'),
    values: 0,
  },
};

/** Words of checkers that connect. */
export const CONNECTION: Words = {
  connect_ip: dropped('checks of other addresses are not supported yet, and the check is left out', 1),
  connect_port: taken('port of the check'),
  bindto: dropped(`a source of checks is ${LATER}; the route decides`, 1),
  bind_if: dropped(`a device of checks is ${LATER}; the route decides`, 1),
  bind_port: dropped(`a source port of checks is ${LATER}; the kernel chooses`, 1),
  fwmark: dropped(`a mark of checks is ${LATER}; the check takes the unmarked route`, 1),
};

/** Words of every checker. */
export const CHECKER: Words = {
  ...TIMING,
  log_all_failures: { ...dropped('ipvs-ts events and explain show every failure that counts'), values: 0 },
};

/** Words of checkers that connect, and of every checker. */
export const NETWORK: Words = { ...CONNECTION, ...CHECKER };
