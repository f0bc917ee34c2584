import { destinationKeyText } from '@ipvs-ts/ipvs';
import type { Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import { forwardingOf, type Planned, portInTable } from './planned.js';
import type { VirtualServer } from './virtual-server.js';

/** `health` of a service; undefined if none of it is configured or possible. */
export function healthOf(
  virtual: VirtualServer,
  planned: readonly Planned[],
  virtualPort: number | undefined,
  remarks: Remarks,
): Plain | undefined {
  const sorry = sorryOf(virtual, virtualPort);
  const matters = planned.some(({ server }) => server.checkers.length > 0 || server.inhibit === true);
  if (!matters && virtual.inhibit !== true && sorry === undefined) return undefined;
  remarkQuorum(virtual, planned, remarks);
  return {
    whenDown: whenDown(virtual, planned, remarks),
    ...(sorry === undefined ? { whenAllDown: 'refuse' } : { whenAllDown: 'sorry', sorry }),
  };
}

function whenDown(
  virtual: VirtualServer,
  planned: readonly Planned[],
  remarks: Remarks,
): 'quiesce' | 'remove' {
  const inhibited = planned.filter(({ server }) => server.inhibit ?? virtual.inhibit === true);
  if (inhibited.length === planned.length) return 'quiesce';
  for (const { server } of inhibited)
    remarks.instead(
      server.inhibitNode ?? virtual.inhibitNode ?? server.node,
      'differs',
      `${server.node.text}: inhibit_on_failure is for some servers only, and whenDown is for all of a service: it is remove`,
    );
  return 'remove';
}

function sorryOf(virtual: VirtualServer, virtualPort: number | undefined): Plain | undefined {
  const { sorry, target } = virtual;
  if (sorry === undefined) return undefined;
  const forwarding = forwardingOf(sorry, virtual);
  const port =
    forwarding.forwarding === 'masq' ? sorry.port : portInTable(sorry, forwarding, target, virtualPort);
  return { [destinationKeyText({ address: sorry.address, port })]: { ...forwarding } };
}

function remarkQuorum(
  { quorumNode, sorry, ...virtual }: VirtualServer,
  planned: readonly Planned[],
  remarks: Remarks,
): void {
  if (quorumNode === undefined) return;
  const weights = planned.map(({ weight }) => weight).filter((weight) => weight > 0);
  // keepalived limits the quorum to the number of servers.
  const quorum = Math.min(
    virtual.quorum ?? 1,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  if (quorum <= Math.min(...weights)) return;
  const about =
    sorry === undefined
      ? 'the agent runs no commands at a quorum; alert on the capacity of the service'
      : `the sorry destination comes when no other is left, not when their weights come to less than ${quorum}`;
  remarks.instead(quorumNode, 'differs', `${quorumNode.text}: ${about}`);
}
