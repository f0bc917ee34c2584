/** What checks send, and the replies that they expect. */
import { byteText } from '../encoded-text.js';
import type { Plain } from '../imported.js';
import type { Bytes, Checker } from './checker.js';

/** The steps of keepalived's SMTP check. */
export function smtpSteps(helo: string): readonly Plain[] {
  const reply = (status: number): Plain => ({
    expect: `^(?:${status}-[^\\n]*\\n)*${status}[ \\r][^\\n]*\\n`,
  });
  return [reply(220), { send: byteText(`HELO ${helo}\r\n`) }, reply(250), { send: 'QUIT\r\n' }, reply(221)];
}

/** The fields of a `udp` check. */
export function udpSettings({ payload, requireReply, reply, shortest = 0, longest = 255 }: Checker): Plain {
  const send = payload?.map(([high = 0, low = 0]) => String.fromCharCode(high * 16 + low)).join('');
  return {
    ...(send !== undefined && send !== '' && { send }),
    ...(requireReply === true && { expect: replyPattern(reply ?? [], shortest, longest) }),
  };
}

/** The pattern of a reply of a certain length that begins with `bytes`. */
function replyPattern(bytes: Bytes, shortest: number, longest: number): string {
  const length = `(?=[\\s\\S]{${shortest},${longest}}$)`;
  const content = bytes.reduceRight((rest, byte) => `(?:$|${bytePattern(byte)}${rest})`, '');
  return `^${length}${content}`;
}

function bytePattern([high, low]: Bytes[number]): string {
  const hex = (value: number): string => `\\x${value.toString(16).padStart(2, '0')}`;
  if (high !== undefined && low !== undefined) return hex(high * 16 + low);
  if (high !== undefined) return `[${hex(high * 16)}-${hex(high * 16 + 15)}]`;
  if (low === undefined) return '[\\s\\S]';
  return `[${Array.from({ length: 16 }, (_, each) => hex(each * 16 + low)).join('')}]`;
}
