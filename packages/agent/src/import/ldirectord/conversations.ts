/** Protocols for which a few steps of text are enough. */
import { compiles } from '../../fields/pattern.js';
import { byteText } from '../encoded-text.js';
import type { Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import { note } from './note.js';
import type { Entry } from './sections.js';
import type { CheckTarget } from './check-target.js';

/** A check of the agent for a protocol that needs no program; undefined for others. */
export function conversation(target: CheckTarget, remarks: Remarks, place: Entry): Plain | undefined {
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
      remarkSecret(target, remarks, place);
      return steps(/^\+OK/, `USER ${login}\r\n`, /^[^\n]*\n\+OK/, `PASS ${password}\r\n`, /\+OK/, 'QUIT\r\n');
    case 'imap':
      if (login === '') return steps(/^\* (?:OK|PREAUTH)/);
      remarkSecret(target, remarks, place);
      return steps(
        /^\* (?:OK|PREAUTH)/,
        `a LOGIN ${literal(login)} ${literal(password)}\r\n`,
        /a OK/,
        'b LOGOUT\r\n',
      );
    case 'pops':
    case 'imaps':
      note(
        remarks,
        place,
        'differs',
        `service ${virtual.service}: the check ends with the TLS handshake; no login is made`,
      );
      return { tls: {} };
    case 'ftp':
      remarkSecret(target, remarks, place);
      note(remarks, place, 'differs', 'service ftp: the check logs in, and fetches no file');
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

/** Text to send, and patterns of expected replies, in order. */
function steps(...each: readonly (string | RegExp)[]): Plain {
  return {
    tcp: {
      steps: each.map((step) =>
        typeof step === 'string' ? { send: byteText(step) } : { expect: step.source },
      ),
    },
  };
}

/** A reply of SMTP or FTP, of one line or several. */
function reply(status: number): RegExp {
  return new RegExp(`(?:^|\\n)${status}[ \\r][^\\n]*\\n`);
}

function literal(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function remarkSecret({ settings }: CheckTarget, remarks: Remarks, place: Entry): void {
  note(
    remarks,
    settings.entry('passwd') ?? place,
    'differs',
    'the password stands in the document: keep the file for root',
  );
}

function dns({ virtual, settings, request, receive }: CheckTarget, remarks: Remarks, place: Entry): Plain {
  const name = request.replace(/^\//, '') || '.';
  const reversed = /^\d+\.\d+\.\d+\.\d+$/.test(name)
    ? `${name.split('.').reverse().join('.')}.in-addr.arpa`
    : undefined;
  if (receive === '')
    note(
      remarks,
      place,
      'differs',
      'service dns without receive: every check of ldirectord fails; here any answer passes',
    );
  else
    note(
      remarks,
      settings.entry('receive') ?? place,
      'differs',
      `receive ${receive}: the check counts answers, and does not compare them`,
    );
  return {
    dns: {
      name: reversed ?? name,
      type: reversed === undefined ? 'A' : 'PTR',
      ...(virtual.protocol === 'tcp' && { tcp: true }),
    },
  };
}

function sip({ virtual, real, port }: CheckTarget, user: string, remarks: Remarks, place: Entry): Plain {
  const transport = virtual.protocol === 'udp' ? 'UDP' : 'TCP';
  note(remarks, place, 'differs', 'service sip: the Via header does not name the address of this host');
  const send = byteText(
    [
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
    ].join('\r\n'),
  );
  const expect = '^SIP/2\\.0 200 OK';
  return virtual.protocol === 'udp' ? { udp: { send, expect } } : { tcp: { steps: [{ send }, { expect }] } };
}

function simple(
  { virtual, settings, request, receive }: CheckTarget,
  remarks: Remarks,
  place: Entry,
): Plain | undefined {
  const send = byteText(request.slice(1).replaceAll('\\n', '\n'));
  const expect = receive === '' ? '[\\s\\S]' : receive;
  if (!compiles(expect)) {
    note(
      remarks,
      settings.entry('receive') ?? place,
      'dropped',
      `receive ${receive}: it is no pattern of JavaScript; write a tcp check with steps`,
    );
    return undefined;
  }
  if (virtual.protocol === 'udp') return { udp: { ...(send !== '' && { send }), expect } };
  return { tcp: { steps: [...(send === '' ? [] : [{ send }]), { expect }] } };
}
