/** Every message on stderr, and the exit statuses. */

/** The exit statuses of the language. */
export const EXIT = {
  ok: 0,
  /** A listing could not be read. */
  list: 1,
  /** Wrong arguments, or no IPVS. */
  usage: 2,
  /** The kernel rejected a request, or the arguments could not be split into options. */
  refused: 255,
} as const;

/** Ends a run with a message on stderr; in `-R` it ends the whole input unless `goesOn`. */
export class IpvsadmError extends Error {
  override readonly name = 'IpvsadmError';
  readonly status: number;
  /** A restore continues with its next line. */
  readonly goesOn: boolean;

  constructor(text: string, status: number, goesOn = false) {
    super(text);
    this.status = status;
    this.goesOn = goesOn;
  }
}

/** Ends the run with a message and exit status 2. */
export function refuse(text: string): never {
  throw new IpvsadmError(text, EXIT.usage);
}

/** The messages by subject; those with parameters are functions. */
export const MESSAGES = {
  cannotInitialize: (reason: string) =>
    `Can't initialize ipvs: ${reason}\nAre you sure that IP Virtual Server is built in the kernel or as module?`,
  notPermitted: 'Permission denied (you must be root)',
  notAvailable: 'Protocol not available',
  oldKernel: (version: string) =>
    'Warning: IPVS version mismatch: \n' +
    `  Kernel compiled with IPVS version ${version}\n` +
    '  ipvsadm v1.31  requires minimum IPVS version 1.1.4\n',
  tryHelp: (program: string) => `Try \`${program} -h' or '${program} --help' for more information.`,
  popt: (word: string, text: string) => `${word}: ${text}`,
  invalidOption: (word: string) => `invalid option \`${word}'`,
  unexpectedArgument: (word: string) => `unexpected argument ${word}`,
  multipleOptions: (name: string) => `multiple '${name}' options specified`,
  missingOption: (option: string, owner: string, kind: string) =>
    `You need to supply the '${option}' option for the '${owner}' ${kind}`,
  illegalOption: (option: string, owner: string, kind: string) =>
    `Illegal '${option}' option with the '${owner}' ${kind}`,
  conflictingOptions: (later: string, earlier: string, owner: string, kind: string) =>
    `The option '${later}' conflicts with the '${earlier}' option in the '${owner}' ${kind}`,
  listConflict: 'options conflicts in the list command',
  setNeedsThree: '--set option requires 3 timeout values',
  virtualAddress: 'illegal virtual server address[:port] specified',
  realAddress: 'illegal real server address[:port] specified',
  netmask: 'illegal virtual server persistent mask specified',
  netmask6: 'illegal ipv6 netmask specified',
  weight: 'illegal weight specified',
  upperThreshold: 'illegal u_threshold specified',
  lowerThreshold: 'illegal l_threshold specified',
  syncId: 'illegal syncid specified',
  startDaemon: 'illegal start-daemon parameter specified',
  stopDaemon: 'illegal start_daemon specified',
  groupPort: 'illegal mcast-port specified',
  groupTtl: 'illegal mcast-ttl specified',
  maxLength: 'illegal sync-maxlen specified',
  group4: (text: string) => `invalid IPv4 mcast-group \`${text}'`,
  group6: (text: string) => `invalid IPv6 mcast-group \`${text}'`,
  tunnelType: 'illegal tunnel type specified',
  tunnelPort: 'illegal tunnel port specified',
  timeout: (text: string) => `invalid timeout value \`${text}' specified`,
  fwmark: (text: string) => `invalid fwmark value \`${text}' specified`,
  ipv6BeforeFwmark: '-6 used before -f\n',
  invalidFlag: (flag: string) => `invalid scheduler flag \`${flag}'`,
  incompatibleFlag: (flag: string) => `incompatible scheduler flag \`${flag}'`,
  zeroPort: 'Zero port specified for non-persistent service',
  onePacket: 'One-Packet Scheduling is only for UDP virtual services',
  otherFamily: 'Different address family is allowed only for tunneling servers',
  tunnelConflict: 'Tunnel options conflict with forward method',
  cannotOpen: (path: string) => `cannot open file ${path}`,
  unexpectedInput: (path: string) => `unexpected input from ${path}`,
  overlongWord: 'word too long in the rules',
  nulInRules: 'NUL byte in the rules',
} as const;
