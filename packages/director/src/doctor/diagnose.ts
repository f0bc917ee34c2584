import { argumentsOf } from '../argument-checks.js';
import { IpvsError } from '@ipvs-ts/ipvs';
import type { Host } from '../host.js';
import { LocalHost } from '../local-host.js';
import type { Finding } from './facts/check.js';
import { CHECKS } from './checks.js';
import { Findings } from './findings.js';
import { openQuestions } from './open-questions.js';
import type { Facts } from './facts/facts.js';
import { type IpvsReader, survey, type SurveyOptions } from './survey.js';

/** Options of a diagnosis. */
export interface DiagnoseOptions extends SurveyOptions {
  /** The host around IPVS; this one by default. */
  readonly host?: Host | undefined;
  /** Without `host`: path of the network namespace of `ipvs`, for instance `/run/netns/blue`. */
  readonly netns?: string | undefined;
}

/** The result. */
export interface Diagnosis {
  /** The problems, the most severe first. */
  readonly findings: readonly Finding[];
  /** What could not be read, or not be judged, and why. */
  readonly unseen: readonly string[];
  /** What was not tried because `probe` was not set. */
  readonly untried: readonly string[];
  /** Keys of the services that were judged. */
  readonly services: readonly string[];
}

/** The methods that are called. */
const READER = {
  table: 'function',
  services: 'function',
  connections: 'function',
  sysctls: 'function',
  daemons: 'function',
  info: 'function',
} as const;

const UNTRIED = [
  'connections to destinations and services',
  'whether another host answers ARP for a virtual address',
  'whether sync messages come in',
];

/**
 * Finds out why packets do not flow, as far as this is visible on the director. Changes nothing; with `probe` it makes
 * connections. `ipvs` is an open `Ipvs`, or the error with which opening it failed. Rejects with `NetlinkError` if
 * there is no netlink, and with a `TypeError` or `RangeError` for invalid services and clients.
 */
export async function diagnose(
  ipvs: IpvsReader | IpvsError,
  options: DiagnoseOptions = {},
): Promise<Diagnosis> {
  argumentsOf.is('ipvs', ipvs, 'object');
  if (!IpvsError.is(ipvs)) argumentsOf.object('ipvs', ipvs, READER);
  argumentsOf.object('options', options);
  if (options.host !== undefined)
    argumentsOf.object('options.host', options.host, {
      sysctl: 'function',
      firewall: 'function',
      privileged: 'function',
    });
  const local = options.host === undefined ? LocalHost.open({ netns: options.netns }) : undefined;
  try {
    const { facts, unseen } = await survey(ipvs, options.host ?? (local as Host), options);
    return {
      findings: examine(facts),
      unseen: [...unseen, ...openQuestions(facts)],
      untried: options.probe === true ? [] : UNTRIED,
      services: facts.table.map(({ service }) => service.key),
    };
  } finally {
    await local?.close();
  }
}

/** The facts that all checks read. */
const FACTS = {
  table: 'list',
  missing: 'list',
  connections: 'list',
  settings: 'object',
  daemons: 'list',
  links: 'list',
  addresses: 'list',
  neighbours: 'list',
  routes: 'object',
  asked: 'list',
  clients: 'list',
  firewall: 'object',
  sysctl: 'function',
} as const;

/** Runs all checks over facts. Pure. */
export function examine(facts: Facts): Finding[] {
  argumentsOf.object('facts', facts, FACTS);
  argumentsOf.object('facts.firewall', facts.firewall, { tables: 'list' });
  for (const each of facts.table)
    argumentsOf.object('each of facts.table', each, { service: 'object', destinations: 'list' });
  const findings = new Findings();
  for (const check of [...CHECKS].sort(
    (left, right) => Number(left.last ?? false) - Number(right.last ?? false),
  )) {
    for (const sighting of [...check.examine(facts, findings.explained)]) findings.add(check, sighting);
  }
  return findings.list();
}
