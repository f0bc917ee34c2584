/**
 * The host around Linux IPVS: what keeps packets from flowing through a director, and how to fix it.
 *
 * @packageDocumentation
 */
export type { Check, Explained, Finding, Severity, Sighting } from './doctor/check.js';
export { CHECKS } from './doctor/checks.js';
export { type Diagnosis, diagnose, type DiagnoseOptions, examine } from './doctor/diagnose.js';
export type { Facts, Probed } from './doctor/facts.js';
export { fixSafely } from './doctor/fix.js';
export type { IpvsReader, SurveyOptions } from './doctor/survey.js';
export type { ConnectionState, Packet } from './firewall/packet.js';
export { readIptables } from './firewall/iptables.js';
export { judge, type Verdict } from './firewall/judge.js';
export { readNftables } from './firewall/nftables.js';
export type { Firewall } from './firewall/read-firewall.js';
export type { Answer, Chain, Hook, Match, Rule, Table, Target } from './firewall/rule.js';
export type { ConnectResult, Host, Probes } from './host.js';
export { LocalHost, type LocalHostOptions } from './local-host.js';
export type { InterfaceAddress } from './rtnetlink/address.js';
export type { Link } from './rtnetlink/link.js';
export type { Neighbour, NeighbourState } from './rtnetlink/neighbour.js';
export { Network } from './rtnetlink/network.js';
export type { Route } from './rtnetlink/route.js';
