import type { Check } from './facts/check.js';
import { arpDuplicate } from './checks/arp-duplicate.js';
import { backupOnly } from './checks/backup-only.js';
import { capability } from './checks/capability.js';
import { connectionTable } from './checks/connection-table.js';
import { conntrackFull } from './checks/conntrack-full.js';
import { destinationPort } from './checks/destination-port.js';
import { destinationRoute } from './checks/destination-route.js';
import { destinations } from './checks/destinations.js';
import { directGateway } from './checks/direct-gateway.js';
import { dropPacket } from './checks/drop-packet.js';
import { estimation } from './checks/estimation.js';
import { family } from './checks/family.js';
import { firewallForward } from './checks/firewall-forward.js';
import { firewallInput } from './checks/firewall-input.js';
import { firewallOutput } from './checks/firewall-output.js';
import { firewallStateful } from './checks/firewall-stateful.js';
import { forwardingIpv4 } from './checks/forwarding-ipv4.js';
import { forwardingIpv6 } from './checks/forwarding-ipv6.js';
import { hairpin } from './checks/hairpin.js';
import { lostDestination } from './checks/lost-destination.js';
import { missingService } from './checks/missing-service.js';
import { neighbour } from './checks/neighbour.js';
import { onePacket } from './checks/one-packet.js';
import { overloaded } from './checks/overloaded.js';
import { portMismatch } from './checks/port-mismatch.js';
import { quiescentTemplate } from './checks/quiescent-template.js';
import { returnPath } from './checks/return-path.js';
import { reversePathFilter } from './checks/reverse-path-filter.js';
import { scheduler } from './checks/scheduler.js';
import { sendRedirects } from './checks/send-redirects.js';
import { serviceProbe } from './checks/service-probe.js';
import { snatConntrack } from './checks/snat-conntrack.js';
import { syncId } from './checks/sync-id.js';
import { syncInterface } from './checks/sync-interface.js';
import { tunnelErrors } from './checks/tunnel-errors.js';
import { unsetMark } from './checks/unset-mark.js';
import { virtualAddress } from './checks/virtual-address.js';
import { virtualInterface } from './checks/virtual-interface.js';
import { natFirst } from './checks/nat-first.js';
import { natReplies } from './checks/nat-replies.js';
import { arpIgnore } from './checks/arp-ignore.js';
import { clientRoute } from './checks/client-route.js';
import { ftpHelper } from './checks/ftp-helper.js';
import { loopbackDestination } from './checks/loopback-destination.js';
import { reusedConnection } from './checks/reused-connection.js';
import { weights } from './checks/weights.js';

/** Every check, in the order of the report. Checks for symptoms of other problems come last. */
export const CHECKS: readonly Check[] = [
  family,
  capability,
  missingService,
  scheduler,
  destinations,
  weights,
  overloaded,
  virtualAddress,
  virtualInterface,
  forwardingIpv4,
  forwardingIpv6,
  destinationRoute,
  clientRoute,
  directGateway,
  loopbackDestination,
  neighbour,
  destinationPort,
  firewallInput,
  natFirst,
  natReplies,
  firewallOutput,
  firewallForward,
  firewallStateful,
  snatConntrack,
  conntrackFull,
  reversePathFilter,
  sendRedirects,
  tunnelErrors,
  portMismatch,
  onePacket,
  ftpHelper,
  unsetMark,
  arpDuplicate,
  arpIgnore,
  dropPacket,
  backupOnly,
  lostDestination,
  reusedConnection,
  quiescentTemplate,
  connectionTable,
  estimation,
  syncInterface,
  syncId,
  hairpin,
  returnPath,
  serviceProbe,
];
