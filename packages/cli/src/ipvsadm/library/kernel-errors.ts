/** The messages for the kernel's errors, by command and errno. */
import { IpvsError } from '@ipvs-ts/ipvs/verbs-sync';
import { errnoName, errnoText } from '@ipvs-ts/netlink';
import type { CommandName } from '../language/commands.js';
import { MESSAGES } from '../language/messages.js';

type ErrorTexts = Readonly<Record<string, string>>;

const NO_SERVICE = 'No such service';
const NO_SCHEDULER = 'Scheduler or persistence engine not found';
const UNDEFINED_SERVICE = 'Service not defined';
const NO_DESTINATION = 'No such destination';

const BY_COMMAND: Partial<Record<CommandName, ErrorTexts>> = {
  'add-service': { EEXIST: 'Service already exists', ENOENT: NO_SCHEDULER },
  'edit-service': { ESRCH: NO_SERVICE, ENOENT: NO_SCHEDULER },
  'delete-service': { ESRCH: NO_SERVICE },
  zero: { ESRCH: NO_SERVICE },
  list: { ESRCH: NO_SERVICE },
  'add-server': { ESRCH: UNDEFINED_SERVICE, EEXIST: 'Destination already exists' },
  'edit-server': { ESRCH: UNDEFINED_SERVICE, ENOENT: NO_DESTINATION },
  'delete-server': { ESRCH: UNDEFINED_SERVICE, ENOENT: NO_DESTINATION },
  'start-daemon': { EEXIST: 'Daemon has already run' },
  'stop-daemon': { ESRCH: 'No daemon is running' },
};

const ANY_COMMAND: ErrorTexts = {
  EPERM: MESSAGES.notPermitted,
  EINVAL: 'Invalid operation.  Possibly wrong module version, address not unicast, ...',
  ENOPROTOOPT: MESSAGES.notAvailable,
  ENOMEM: 'Memory allocation problem',
  EOPNOTSUPP: 'Operation not supported with IPv6',
  EAFNOSUPPORT: 'Operation not supported with specified address family',
  EMSGSIZE: 'Module is wrong version',
};

/** The message for an error of a command's request; throws errors that are not the kernel's again. */
export function kernelErrorText(error: unknown, command: CommandName): string {
  if (!IpvsError.is(error)) throw error;
  if (error.errno === undefined) return error.message;
  const texts: ErrorTexts = { ...ANY_COMMAND, ...BY_COMMAND[command] };
  return texts[errnoName(error.errno)] ?? errnoText(error.errno);
}

/** The message if IPVS cannot be opened. */
export function initializationErrorText(error: unknown): string {
  if (!IpvsError.is(error)) throw error;
  if (error.code === 'ERR_IPVS_PERMISSION' || error.code === 'ERR_IPVS_USER_NAMESPACE') {
    return MESSAGES.notPermitted;
  }
  // Other errors do not occur in ipvsadm, for instance that koffi cannot be loaded.
  return error.code === 'ERR_IPVS_UNAVAILABLE' ? MESSAGES.notAvailable : error.message;
}
