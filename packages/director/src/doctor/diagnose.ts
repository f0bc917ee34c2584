import type { IpvsError } from '@ipvs-ts/ipvs';
import type { Host } from '../host.js';
import { LocalHost } from '../local-host.js';
import type { Check, Finding, Sighting } from './check.js';
import { CHECKS } from './checks.js';
import { explains } from './explains.js';
import type { Facts } from './facts.js';
import { type IpvsReader, survey, type SurveyOptions } from './survey.js';

/** How a director is looked at. */
export interface DiagnoseOptions extends SurveyOptions {
  /** The host around IPVS; by default this one. */
  readonly host?: Host | undefined;
  /** Without `host`: path of the network namespace of `ipvs`, for instance `/run/netns/blue`. */
  readonly netns?: string | undefined;
}

/** What came of it. */
export interface Diagnosis {
  /** The problems, the gravest first. */
  readonly findings: readonly Finding[];
  /** What could not be seen, and why. */
  readonly unseen: readonly string[];
  /** Keys of the services that were judged. */
  readonly services: readonly string[];
}

/**
 * Says why packets do not flow, as far as the director can know. Changes nothing; with `probe` it makes connections.
 * `ipvs` is an open `Ipvs`, or the error that opening it gave. Rejects with `NetlinkError` where there is no
 * netlink, and with a `TypeError` or `RangeError` for services that are none and clients that are no addresses.
 */
export async function diagnose(
  ipvs: IpvsReader | IpvsError,
  options: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const local = options.host === undefined ? LocalHost.open({ netns: options.netns }) : undefined;
  try {
    const { facts, unseen } = await survey(ipvs, options.host ?? (local as Host), options);
    return { findings: examine(facts), unseen, services: facts.table.map(({ service }) => service.key) };
  } finally {
    await local?.close();
  }
}

/** Runs all checks over facts. Pure. */
export function examine(facts: Facts): Finding[] {
  const findings: Finding[] = [];
  const explained = (service: string, destination?: string): boolean =>
    explains(findings, service, destination);
  for (const check of [...CHECKS].sort(
    (left, right) => Number(left.last ?? false) - Number(right.last ?? false),
  )) {
    for (const sighting of [...check.examine(facts, explained)]) findings.push(finding(check, sighting));
  }
  return findings.sort(
    (left, right) => Number(right.severity === 'error') - Number(left.severity === 'error'),
  );
}

function finding({ id, severity, why, symptom }: Check, sighting: Sighting): Finding {
  const { service, destination, found, fix, on = 'director', safe = false, advice } = sighting;
  return {
    id,
    severity,
    ...(service !== undefined && { service }),
    ...(destination !== undefined && { destination }),
    found,
    why,
    symptom,
    fix,
    on,
    safe,
    ...(advice !== undefined && { advice }),
  };
}
