/**
 * Rules in exactly the forms that `-S -n` writes for TCP and UDP over IPv4: recognised whole, since a restore is made
 * of little else. All other lines take the long way by their words; both ways must come to the same call.
 */
import { type Call, makeCalls } from '@ipvs-ts/ipvs/verbs-sync';

const calls = makeCalls('kernel');

const ENDPOINT = '([0-9]{1,3}(?:\\.[0-9]{1,3}){3}):([1-9][0-9]{0,4})';
const SERVICE = new RegExp(`^-A -([tu]) ${ENDPOINT} -s ([a-z]{1,15})$`);
const SERVER = new RegExp(`^-a -([tu]) ${ENDPOINT} -r ${ENDPOINT} -([mg]) -w ([0-9]{1,9})$`);

const PROTOCOLS: Readonly<Record<string, string>> = { t: 'tcp', u: 'udp' };

/** The commands whose rules are recognised. */
export type PlainCommand = 'add-service' | 'add-server';

/** The call of such a rule, and its command; undefined for every other line. */
export function plainRule(line: string): { readonly command: PlainCommand; readonly call: Call } | undefined {
  const server = SERVER.exec(line);
  if (server !== null) return serverRule(server);
  const service = SERVICE.exec(line);
  return service === null ? undefined : serviceRule(service);
}

function serviceRule([, letter, address, port, scheduler]: RegExpExecArray): ReturnType<typeof plainRule> {
  if (!isAddress(address) || !isPort(port)) return undefined;
  const call = calls.addService(serviceText(letter, address, port), { scheduler });
  return { command: 'add-service', call };
}

function serverRule(match: RegExpExecArray): ReturnType<typeof plainRule> {
  const [, letter, address, port, real, realPort, forwarding, weight] = match;
  if (!isAddress(address) || !isPort(port) || !isAddress(real) || !isPort(realPort)) return undefined;
  const masq = forwarding === 'm';
  const call = calls.addDestination(
    serviceText(letter, address, port),
    // Direct routing delivers to the service's own port whatever the rule says.
    { address: real, port: Number(masq ? realPort : port) },
    { forwarding: masq ? 'masq' : 'route', weight: Number(weight) },
  );
  return { command: 'add-server', call };
}

function serviceText(letter = '', address: string, port: string): string {
  return `${PROTOCOLS[letter] ?? ''}:${address}:${port}`;
}

function isPort(text: string | undefined): text is string {
  return Number(text) <= 65535;
}

/** Four numbers up to 255 without zeros before them: other spellings have other meanings. */
function isAddress(text: string | undefined): text is string {
  if (text === undefined) return false;
  for (const part of text.split('.'))
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return false;
  return true;
}
