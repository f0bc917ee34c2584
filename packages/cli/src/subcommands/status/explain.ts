/** `explain`: why a destination is in or out of service. */
import type { Explanation } from '@ipvs-ts/agent';
import { destinationKeyText, parseDestinationKey, parseServiceKey, serviceKeyText } from '@ipvs-ts/ipvs';
import type { Subcommand } from '../framework/subcommand.js';
import { agentClient, SOCKET_OPTION } from '../agent-client/agent-socket.js';
import { asked, jsonText } from '../agent-client/command-json.js';
import { explanationText } from './explanation-text.js';

/** The record of `explain`. */
export const EXPLAIN: Subcommand = {
  name: 'explain',
  operands: ['SERVICE', '[DESTINATION]'],
  names: 'agent',
  summary: 'explain why a service or a destination is in or out of service',
  description: [
    'SERVICE is tcp:192.0.2.10:80, udp:[2001:db8::10]:53, sctp:…, fwmark:7 or fwmark6:7; DESTINATION is 10.0.0.11:80 or [2001:db8::11]:80.',
    'It prints the state of each destination with its reason and its last checks, what would change it, and what the agent does with destinations that are down.',
  ],
  options: { json: { help: 'print JSON' }, socket: SOCKET_OPTION },
  statuses: {
    0: 'DESTINATION is in service; without it: at least one destination of the service is',
    1: 'cannot tell: no agent answers, or its document does not have it',
    2: 'it is out of service',
  },
  failure: 1,
  async run(args, io) {
    const [service = '', destination] = args.operands;
    const query = new URLSearchParams({
      service: serviceKeyText(parseServiceKey(service, 'SERVICE')),
      ...(destination !== undefined && {
        destination: destinationKeyText(parseDestinationKey(destination, 'DESTINATION')),
      }),
    });
    return asked(args, io, async () => {
      const explanation = await agentClient(args, io).ask<Explanation>('GET', `/explain?${query.toString()}`);
      const text = args.has('json')
        ? jsonText(explanation)
        : explanationText(explanation, destination !== undefined, Date.now(), io.stdout);
      await io.stdout.write(text);
      return explanation.destinations.some(({ inService }) => inService) ? 0 : 2;
    });
  },
};
