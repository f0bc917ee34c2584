import packet from 'dns-packet';
import { type CheckResult, failed, passed } from './result.js';

/** The settings of a query and of judging its reply. */
export interface DnsSettings {
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  readonly answers: number;
}

/** The types of records that can be queried. */
export const DNS_TYPES = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DNSKEY',
  'DS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] as const;

/** The replies that can be expected. */
export const DNS_RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const;

/** The query as a message; `id` from 0 to 65535. */
export function dnsQuery({ name, type }: DnsSettings, id: number): Uint8Array {
  return packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: type as 'A', name }],
  });
}

/**
 * Judges a message that arrived. Returns undefined if it is not the reply to this query, so the reply may still arrive
 * (over UDP anybody can send a message).
 */
export function judgeDns(settings: DnsSettings, id: number, message: Uint8Array): CheckResult | undefined {
  const reply = decoded(message);
  if (reply === undefined) return failed('the reply is not a DNS message');
  if (reply.id !== id || reply.type !== 'response') return undefined;
  const { rcode } = reply as typeof reply & { readonly rcode: string };
  const [question] = reply.questions ?? [];
  if (question !== undefined && question.name.toLowerCase() !== withoutDot(settings.name).toLowerCase())
    return undefined;
  if (rcode !== settings.rcode) return failed(`the reply says ${rcode}, not ${settings.rcode}`);
  const answers = (reply.answers ?? []).filter(({ type }) => type === settings.type).length;
  const wanted = settings.rcode === 'NOERROR' ? settings.answers : 0;
  if (answers < wanted)
    return failed(
      `${answers} answer${answers === 1 ? '' : 's'} of type ${settings.type}, fewer than ${wanted}`,
    );
  return passed(`${rcode}, ${answers} answer${answers === 1 ? '' : 's'}`);
}

function decoded(message: Uint8Array): packet.DecodedPacket | undefined {
  try {
    return packet.decode(Buffer.from(message));
  } catch {
    return undefined;
  }
}

/** Names in messages have no trailing dot. */
function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
