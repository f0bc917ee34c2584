import type { Packet } from '../../firewall/packet.js';
import type { Facts } from '../facts/facts.js';
import { passage } from './firewall-path.js';
import type { Hooks } from './hooks.js';

const OUT: Hooks = [['output'], ['postrouting']];
const IN: Hooks = [['ingress'], ['prerouting'], ['input']];

/**
 * Whether the firewall accepts this host's own TCP connections to an address, in both directions. If it may not, a
 * probe that hangs says nothing about the other end.
 */
export function mayConnect(facts: Facts, family: Packet['family'], address: string, port: number): boolean {
  const common = { family, protocol: 'tcp', ipvs: false } as const;
  const request: Packet = {
    ...common,
    destination: address,
    destinationPort: port,
    destinationType: 'unicast',
    sourceType: 'local',
    input: '',
    state: 'new',
    tcpFlags: ['syn'],
    reply: false,
  };
  const reply: Packet = {
    ...common,
    source: address,
    sourcePort: port,
    sourceType: 'unicast',
    destinationType: 'local',
    output: '',
    state: 'established',
    tcpFlags: ['syn', 'ack'],
    reply: true,
  };
  return (
    passage(facts, OUT, request).verdict.type === 'pass' && passage(facts, IN, reply).verdict.type === 'pass'
  );
}
