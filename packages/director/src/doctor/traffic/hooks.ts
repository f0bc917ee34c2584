/** The hooks of the kernel that packets pass before IPVS and after it. */
import { IPVS_PRIORITY, type Priorities } from '../../firewall/judge.js';
import type { Hook } from '../../firewall/rule.js';

/** The hooks that a packet passes, in order, and the chains of each that see it. */
export type Hooks = readonly (readonly [hook: Hook, priorities?: Priorities])[];

const { input, forward, output, reply } = IPVS_PRIORITY;

/** The hooks that see a packet before IPVS does. */
export const BEFORE = {
  request: [
    ['ingress'],
    ['bridge prerouting'],
    ['bridge input'],
    ['prerouting'],
    ['input', { to: input, tie: input }],
  ],
  localRequest: [['output', { to: output, tie: output }]],
  reply: [
    ['ingress'],
    ['bridge prerouting'],
    ['bridge input'],
    ['prerouting'],
    ['forward', { to: forward, tie: forward }],
  ],
  localReply: [
    ['ingress'],
    ['bridge prerouting'],
    ['bridge input'],
    ['prerouting'],
    ['input', { to: input, tie: input }],
  ],
} as const satisfies Record<string, Hooks>;

/** The hooks that see a packet after IPVS. */
export const BEHIND = {
  request: [['output'], ['postrouting'], ['bridge output'], ['bridge postrouting'], ['egress']],
  reply: [
    ['forward', { from: forward + 1, tie: forward }],
    ['postrouting'],
    ['bridge output'],
    ['bridge postrouting'],
    ['egress'],
  ],
  /** Requests for a server on this host. */
  ownRequest: [['input', { from: input + 1, tie: input }]],
  /** Answers of such a server, before and after IPVS sets the virtual address as their source. */
  ownReplyBefore: [['output', { to: reply, tie: reply }]],
  ownReply: [
    ['output', { from: reply + 1, tie: reply }],
    ['postrouting'],
    ['bridge output'],
    ['bridge postrouting'],
    ['egress'],
  ],
} as const satisfies Record<string, Hooks>;
