/** Checks of the agent from those of ldirectord. */
import { compiles } from '../../fields/pattern.js';
import { percentEncoded } from '../encoded-text.js';
import type { Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import { note } from './note.js';
import type { Entry } from './sections.js';
import type { CheckTarget } from './check-target.js';
import { conversation } from './conversations.js';
import { program } from './programs.js';
import type { Real } from './real.js';
import type { Settings } from './settings.js';
import { portOfService, type Virtual } from './virtual.js';

/** How often checks run. Seconds. */
export interface Times {
  readonly interval: number;
  readonly connect: number;
  readonly negotiate: number;
  readonly failures: number;
  readonly pings: number;
}

const TIMING_LIMIT = 100;

/** The checks of a real server; undefined for `off`: it is never in service. */
export function checksOf(
  virtual: Virtual,
  settings: Settings,
  real: Real,
  tablePort: number,
  times: Times,
  remarks: Remarks,
): readonly Plain[] | undefined {
  const place = settings.entry('checktype') ?? settings.entry('service') ?? real.entry;
  const type = settings.text('checktype') ?? 'negotiate';
  if (type === 'off') return undefined;
  if (type === 'on') return [];
  const port = settings.number('checkport') ?? (real.port || (portOfService(virtual.service) ?? 0));
  const target = { virtual, settings, real, port, tablePort, ...requestOf(settings, real) };
  const timing = (timeout: number, fall = times.failures): Plain => timingOf(times, timeout, fall);
  if (type === 'ping' || (type === 'connect' && virtual.protocol === 'udp')) {
    if (times.pings > 1)
      note(
        remarks,
        settings.entry('checkcount') ?? place,
        'differs',
        `checkcount ${times.pings}: failures are counted one by one, not in rounds`,
      );
    return [{ ping: {}, ...timing(times.connect, times.failures * times.pings) }];
  }
  if (type.startsWith('external')) {
    if (type === 'external-perl')
      note(
        remarks,
        place,
        'differs',
        'checktype external-perl: the file is run as a program; it must be executable',
      );
    return [{ ...external(target), ...timing(times.connect) }];
  }
  const connects = type === 'connect';
  if (!connects && type !== 'negotiate')
    note(remarks, place, 'differs', `checktype ${type}: every check talks to the server, not one in ${type}`);
  const made = connects ? { tcp: {} } : negotiated(target, remarks, place);
  if (made === undefined) return [];
  if (port === 0) {
    note(
      remarks,
      place,
      'dropped',
      'neither the server nor the check has a port; name checkport, or port in the document',
    );
    return [];
  }
  return [
    {
      ...made,
      ...(port !== tablePort && !('script' in made) && { port }),
      ...timing(connects ? times.connect : times.negotiate),
    },
  ];
}

/** The request and the expected reply: both of the server, or both of the service. Requests begin with a slash. */
function requestOf(settings: Settings, real: Real): { readonly request: string; readonly receive: string } {
  const own = real.request !== undefined && real.receive !== undefined;
  const request = (own ? real.request : settings.quoted('request')) ?? '/';
  const receive = (own ? real.receive : settings.quoted('receive')) ?? '';
  return { request: request.startsWith('/') ? request : `/${request}`, receive };
}

function timingOf({ interval }: Times, timeout: number, fall: number): Plain {
  const failures = Math.min(fall, TIMING_LIMIT);
  return {
    interval: `${interval}s`,
    ...(failures > 1 && { failingInterval: `${interval}s` }),
    timeout: `${timeout}s`,
    fall: failures,
    rise: 1,
  };
}

function external({ virtual, settings, real }: CheckTarget): Plain {
  const command = settings.quoted('checkcommand') ?? '/bin/true';
  const service = [virtual.address ?? String(virtual.fwmark), String(virtual.port)];
  const server = [real.address, String(real.port)];
  // For ldirectord any status except 0 is a failure, for the agent only 1.
  return {
    script: { command: ['/bin/sh', '-c', '"$@" || exit 1', 'check', command, ...service, ...server] },
  };
}

/** A check that talks to the server; undefined if there is none. */
function negotiated(target: CheckTarget, remarks: Remarks, place: Entry): Plain | undefined {
  const { settings, virtual } = target;
  const { service } = virtual;
  if (service === 'none') return undefined;
  if (service === 'http' || service === 'https') return http(target, service, remarks, place);
  if (service === 'http_proxy') {
    note(
      remarks,
      settings.entry('service') ?? place,
      'dropped',
      'service http_proxy: requests through a proxy are not supported; write a script check',
    );
    return undefined;
  }
  return conversation(target, remarks, place) ?? program(target, remarks, place);
}

function http(
  target: CheckTarget,
  type: 'http' | 'https',
  remarks: Remarks,
  place: Entry,
): Plain | undefined {
  const { settings, real, request, receive } = target;
  if (request.includes(`${type}://`)) {
    note(
      remarks,
      settings.entry('request') ?? place,
      'dropped',
      `request ${request.slice(1)}: requests to other addresses are not supported; write a script check`,
    );
    return undefined;
  }
  const virtualhost = settings.quoted('virtualhost');
  const isHost = virtualhost !== undefined && /^[\w.:[\]-]{1,253}$/.test(virtualhost);
  if (isHost && type === 'https')
    note(
      remarks,
      settings.entry('virtualhost') ?? place,
      'differs',
      `the check sends ${virtualhost} as SNI, which ldirectord does not`,
    );
  if (type === 'https')
    note(
      remarks,
      settings.entry('service') ?? place,
      'differs',
      'service https: the check does not verify the certificate; ldirectord fails where its authority is not known, with the LWP of Debian 12',
    );
  const method = settings.text('httpmethod')?.toUpperCase();
  const address = real.address.includes(':') ? `[${real.address}]` : real.address;
  return {
    [type]: {
      path: percentEncoded(request),
      host: isHost ? virtualhost : address,
      ...(method === 'HEAD' && { method }),
      ...(receive !== '' && pattern(receive, remarks, settings.entry('receive') ?? place)),
    },
  };
}

function pattern(receive: string, remarks: Remarks, place: Entry): Plain | undefined {
  if (compiles(receive)) return { body: receive };
  note(remarks, place, 'dropped', `receive ${receive}: it is no pattern of JavaScript; write body: yourself`);
  return undefined;
}
