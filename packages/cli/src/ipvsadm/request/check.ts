/** Checks a request against the rules of its command, in ipvsadm's order: first the options, then their meaning. */
import { COMMANDS, TUNNEL_CLASSES, TUNNEL_RULES, type CommandRule } from '../language/commands.js';
import { MESSAGES, refuse } from '../language/messages.js';
import { OPTION_CLASSES, type OptionClass } from '../language/options.js';
import type { CommandRequest } from './request.js';

const RULES = new Map<string, CommandRule>(COMMANDS.map((command) => [command.long, command]));

/** Throws for a request that breaks a rule. */
export function checkRequest(request: CommandRequest): void {
  const { command, given } = request;
  const rule = RULES.get(command);
  if (rule) checkOptions(given, rule, OPTION_CLASSES, 'command');
  if (command === 'add-service' || command === 'edit-service') checkService(request);
  if (command === 'add-server' || command === 'edit-server') checkServer(request);
  if (command === 'list') checkList(given);
}

function checkOptions(
  given: ReadonlySet<OptionClass>,
  { name, required = [], allowed = [], exclusive = [] }: CommandRule,
  order: readonly OptionClass[],
  kind: string,
): void {
  if (exclusive.length === 0 && areFine(given, required, allowed, order)) return;
  let earlier: OptionClass | undefined;
  for (const option of order) {
    if (!given.has(option)) {
      if (required.includes(option)) refuse(MESSAGES.missingOption(option, name, kind));
    } else if (exclusive.includes(option)) {
      if (earlier !== undefined) refuse(MESSAGES.conflictingOptions(option, earlier, name, kind));
      earlier = option;
    } else if (!required.includes(option) && !allowed.includes(option)) {
      refuse(MESSAGES.illegalOption(option, name, kind));
    }
  }
}

/** Whether no option is missing and none is illegal, as in nearly all requests; checked in any order. */
function areFine(
  given: ReadonlySet<OptionClass>,
  required: readonly OptionClass[],
  allowed: readonly OptionClass[],
  order: readonly OptionClass[],
): boolean {
  for (const option of required) if (!given.has(option)) return false;
  for (const option of given)
    if (!required.includes(option) && !allowed.includes(option) && order.includes(option)) return false;
  return true;
}

function checkService({ service }: CommandRequest): void {
  if (service.fwmark !== 0) return;
  if (service.port === 0 && service.persistence === undefined) refuse(MESSAGES.zeroPort);
  if (service.onePacket && service.protocol !== 'udp') refuse(MESSAGES.onePacket);
}

function checkServer({ given, service, server }: CommandRequest): void {
  if (server.forwarding !== 'tunnel') {
    if (server.family !== service.family) refuse(MESSAGES.otherFamily);
    if (TUNNEL_CLASSES.some((option) => given.has(option))) refuse(MESSAGES.tunnelConflict);
    return;
  }
  checkOptions(given, TUNNEL_RULES[server.tunnelType], TUNNEL_CLASSES, 'tunnel type');
}

function checkList(given: ReadonlySet<OptionClass>): void {
  const some = (...options: OptionClass[]): boolean => options.some((option) => given.has(option));
  if (some('connection', 'timeout', 'daemon') && some('stats', 'rate', 'thresholds'))
    refuse(MESSAGES.listConflict);
  if (some('timeout', 'daemon') && given.has('persistent-conn')) refuse(MESSAGES.listConflict);
}
