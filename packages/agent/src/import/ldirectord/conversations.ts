/** Protocols that a few steps of text are enough for. */
import { compiles } from '../../fields/pattern.js';
import type { Plain } from '../imported.js';
import type { Place, Remarks } from '../remarks.js';
import type { CheckTarget } from './check-target.js';

/** A check of the agent for a protocol that needs no program; undefined for others. */
export function conversation(target: CheckTarget, remarks: Remarks, place: Place): Plain | undefined {
  const { virtual, settings } = target;
  const [login = '', password = ''] = [settings.quoted('login'), settings.quoted('passwd')];
  switch (virtual.service) {
    case 'smtp':
    case 'submission':
      return steps(reply(220), 'EHLO localhost\r\n', reply(250), 'QUIT\r\n');
    case 'nntp':
      return steps(/^2/);
    case 'pop':
      if (login === '') return steps(/^\+OK/);
      remarkSecret(remarks, place);
      return steps(/^\+OK/, `USER ${login}\r\n`, /^[^\n]*\n\+OK/, `PASS ${password}\r\n`, /\+OK/, 'QUIT\r\n');
    case 'imap':
      if (login === '') return steps(/^\* (?:OK|PREAUTH)/);
      remarkSecret(remarks, place);
      return steps(
        /^\* (?:OK|PREAUTH)/,
        `a LOGIN ${literal(login)} ${literal(password)}\r\n`,
        /a OK/,
        'b LOGOUT\r\n',
      );
    case 'pops':
    case 'imaps':
      remarks.differs(
        place,
        `service ${virtual.service}: the check ends with the TLS handshake; no login is made`,
      );
      return { tls: {} };
    case 'ftp':
      remarkSecret(remarks, place);
      remarks.differs(place, 'service ftp: the check logs in, and fetches no file');
      return steps(
        reply(220),
        `USER ${login || 'anonymous'}\r\n`,
        reply(331),
        `PASS ${password || 'ldirectord@'}\r\n`,
        reply(230),
        'QUIT\r\n',
      );
    case 'dns':
      return dns(target, remarks, place);
    case 'sip':
      return sip(target, login || 'ldirectord@localhost', remarks, place);
    case 'simpletcp':
      return simple(target, remarks, place);
    default:
      return undefined;
  }
}

/** Text to send, and patterns of what must come back, in their order. */
function steps(...each: readonly (string | RegExp)[]): Plain {
  return {
    tcp: { steps: each.map((step) => (typeof step === 'string' ? { send: step } : { expect: step.source })) },
  };
}

/** A reply of SMTP or FTP, of one line or several. */
function reply(status: number): RegExp {
  return new RegExp(`(?:^|\\n)${status}[ \\r][^\\n]*\\n`);
}

function literal(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function remarkSecret(remarks: Remarks, place: Place): void {
  remarks.differs(place, 'the password stands in the document: keep the file for root');
}

function dns({ virtual, request, receive }: CheckTarget, remarks: Remarks, place: Place): Plain {
  const name = request.replace(/^\//, '') || '.';
  const reversed = /^\d+\.\d+\.\d+\.\d+$/.test(name)
    ? `${name.split('.').reverse().join('.')}.in-addr.arpa`
    : undefined;
  if (receive === '')
    remarks.differs(
      place,
      'service dns without receive: every check of ldirectord fails; here any answer passes',
    );
  else remarks.differs(place, `receive ${receive}: the check counts answers, and does not compare them`);
  return {
    dns: {
      name: reversed ?? name,
      type: reversed === undefined ? 'A' : 'PTR',
      ...(virtual.protocol === 'tcp' && { tcp: true }),
    },
  };
}

function sip({ virtual, real, port }: CheckTarget, user: string, remarks: Remarks, place: Place): Plain {
  const transport = virtual.protocol === 'udp' ? 'UDP' : 'TCP';
  remarks.differs(place, 'service sip: the Via header does not name the address of this host');
  const send = [
    `OPTIONS sip:${user} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${real.address}:${port};rport;branch=z9hG4bKipvsts`,
    'Max-Forwards: 70',
    `To: <sip:${user}>`,
    `From: <sip:${user}>;tag=ipvs-ts`,
    'Call-ID: ipvs-ts-check',
    'CSeq: 1 OPTIONS',
    `Contact: <sip:${user}>`,
    'Accept: application/sdp',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
  const expect = '^SIP/2\\.0 200 OK';
  return virtual.protocol === 'udp' ? { udp: { send, expect } } : { tcp: { steps: [{ send }, { expect }] } };
}

function simple(
  { virtual, request, receive }: CheckTarget,
  remarks: Remarks,
  place: Place,
): Plain | undefined {
  const send = request.slice(1).replaceAll('\\n', '\n');
  const expect = receive === '' ? '[\\s\\S]' : receive;
  if (!compiles(expect)) {
    remarks.dropped(
      place,
      `receive ${receive}: it is no pattern of JavaScript; write a tcp check with steps`,
    );
    return undefined;
  }
  if (virtual.protocol === 'udp') return { udp: { ...(send !== '' && { send }), expect } };
  return { tcp: { steps: [...(send === '' ? [] : [{ send }]), { expect }] } };
}
