/**
 * The host around Linux IPVS: what keeps packets from flowing through a director, and how to fix it.
 *
 * @packageDocumentation
 */
export type { Check, Explained, Finding, Setting, Severity, Sighting } from './doctor/facts/check.js';
export type { AcceptRule } from './doctor/facts/accept-rule.js';
export { CHECKS } from './doctor/checks.js';
export { type Diagnosis, diagnose, type DiagnoseOptions, examine } from './doctor/diagnose.js';
export type { Facts, Probed } from './doctor/facts/facts.js';
export { fixSafely } from './doctor/fix.js';
export type { IpvsReader, SurveyOptions } from './doctor/survey.js';
export type { AddressType, ConnectionState, Packet, TcpFlag } from './firewall/packet.js';
export { readArptables } from './ruleset/arptables.js';
export { readIptables } from './ruleset/iptables.js';
export type { Certainty, Place } from './firewall/chain.js';
export { type Doubt, type Doubtful, judge, type Priorities, type Verdict } from './firewall/judge.js';
export { translate, type Translated, type Translation } from './firewall/translate.js';
export { readNftables } from './ruleset/nftables.js';
export type { Firewall } from './ruleset/read-firewall.js';
export type { Answer } from './firewall/answer.js';
export type { Chain, Hook, MarkChange, Match, Rule, Selection, Table, Target } from './firewall/rule.js';
export { type IpSet, readIpsets } from './ruleset/ipset.js';
export type { ConnectResult, Host, Probes } from './host.js';
export { LocalHost, type LocalHostOptions } from './local-host.js';
export type { InterfaceAddress } from './rtnetlink/address.js';
export type { Link } from './rtnetlink/link.js';
export type { Neighbour, NeighbourState } from './rtnetlink/neighbour.js';
export { Network } from './rtnetlink/network.js';
export type { Route } from './rtnetlink/route.js';
