/**
 * Reads rules in exactly the patterns that `-S -n` writes for TCP and UDP over IPv4, of which most files consist:
 * reading words costs ten times as much. All other lines are read word by word; both ways lead to the same table.
 */
import { ADD_DESTINATION, ADD_SERVICE, parseAddress, ruleForm } from '@ipvs-ts/ipvs/verbs-sync';
import type { DestinationOptions, ServiceOptions } from '@ipvs-ts/ipvs';
import { COMMAND_WORD } from '../../ipvsadm/rules/rules.js';
import type { RulesTable } from './rules-table.js';

/** What may be an address of IPv4. V8 compiles an expression for exactly those at a hundred times the cost of a check. */
const ADDRESS = '([0-9.]{7,15})';
/** Ports and weights; larger ones have other meanings. */
const NUMBER = '(0|[1-9][0-9]{0,8})';
const SCHEDULER = '([a-z]{1,15})';
const MAX_PORT = 65_535;

const PROTOCOLS = ['tcp', 'udp'] as const;
const FORWARDING = ['masq', 'route'] as const;

/** A pattern as a regular expression, with a group for each address and number, and for the scheduler. */
function expression(text: string): RegExp {
  return new RegExp(
    `^${text.replace(/[@#]|scheduler/g, (gap) => ({ '@': ADDRESS, '#': NUMBER })[gap] ?? SCHEDULER)}$`,
  );
}

/** Addresses of IPv4 that were checked, and how many to keep. */
const ADDRESSES = new Set<string>();
const MOST_ADDRESSES = 4096;

/** Options by their text, and how many to keep. */
const OPTIONS = new Map<string, DestinationOptions>();
const SERVICE_OPTIONS = new Map<string, ServiceOptions>();
const MOST_OPTIONS = 1000;

const SERVICES = PROTOCOLS.map((protocol) => ({
  protocol,
  rule: expression(ruleForm(ADD_SERVICE, { protocol, scheduler: 'scheduler' }).text),
}));

const DESTINATIONS = PROTOCOLS.flatMap((protocol) =>
  FORWARDING.map((forwarding) => ({
    protocol,
    forwarding,
    rule: expression(ruleForm(ADD_DESTINATION, { protocol, forwarding }).text),
  })),
);

/**
 * Adds the rule of a line to the table; returns whether it has one of these patterns. Throws as {@link RulesTable.take}
 * does.
 */
export function takePlain(table: RulesTable, line: string, number: number): boolean {
  return line.startsWith('-a ')
    ? takeDestination(table, line, number)
    : line.startsWith('-A ') && takeService(table, line, number);
}

function takeService(table: RulesTable, line: string, number: number): boolean {
  for (const { protocol, rule } of SERVICES) {
    const [, address, port = '', scheduler = ''] = rule.exec(line) ?? [];
    if (address === undefined || !isAddress(address) || !isPort(port) || scheduler === COMMAND_WORD) continue;
    table.addService(`${protocol}:${address}:${port}`, serviceOptions(scheduler), number);
    return true;
  }
  return false;
}

function takeDestination(table: RulesTable, line: string, number: number): boolean {
  for (const { protocol, forwarding, rule } of DESTINATIONS) {
    const found = rule.exec(line);
    if (found === null) continue;
    const [, address = '', port = '', real = '', realPort = '', weight] = found;
    if (!isAddress(address) || !isPort(port) || !isAddress(real) || !isPort(realPort)) return false;
    // Direct routing delivers to the port of the service, whatever the rule says.
    const name = `${real}:${forwarding === 'route' ? port : realPort}`;
    const options = destinationOptions(forwarding, Number(weight));
    table.addDestination(`${protocol}:${address}:${port}`, name, options, number);
    return true;
  }
  return false;
}

/** Shares one object among all services with this scheduler. */
function serviceOptions(scheduler: string): ServiceOptions {
  const known = SERVICE_OPTIONS.get(scheduler);
  if (known !== undefined) return known;
  const options = { scheduler, flags: [], onePacket: false };
  if (SERVICE_OPTIONS.size < MOST_OPTIONS) SERVICE_OPTIONS.set(scheduler, options);
  return options;
}

/** Shares one object among all destinations with these options: a table has many. */
function destinationOptions(forwarding: (typeof FORWARDING)[number], weight: number): DestinationOptions {
  const key = `${forwarding} ${weight}`;
  const known = OPTIONS.get(key);
  if (known !== undefined) return known;
  const options = { forwarding, weight, upperThreshold: 0, lowerThreshold: 0 };
  if (OPTIONS.size < MOST_OPTIONS) OPTIONS.set(key, options);
  return options;
}

function isAddress(text: string): boolean {
  if (ADDRESSES.has(text)) return true;
  if (parseAddress(text) === undefined) return false;
  if (ADDRESSES.size < MOST_ADDRESSES) ADDRESSES.add(text);
  return true;
}

/** Port 0 has a special meaning. */
function isPort(text: string): boolean {
  const port = Number(text);
  return port > 0 && port <= MAX_PORT;
}
