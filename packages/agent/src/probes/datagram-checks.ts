/** The checks that use datagrams. */
import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { type DnsSettings, dnsQuery, judgeDns } from '../check/dns.js';
import type { Probe } from '../check/probe.js';
import { type CheckResult, failed, passed } from '../check/result.js';
import { attempt, type End, type Phase } from './attempt.js';
import { kernelFailure } from './kernel-failure.js';
import { streamCheck } from './stream.js';

/** `udp`: no ICMP refusal within the timeout; a matching reply if one is expected. */
export function udpCheck(probe: Probe): Promise<CheckResult> {
  const { send, expect } = probe.check.settings as { readonly send: string; readonly expect?: string };
  return datagramCheck(probe, Buffer.from(send, 'latin1'), (end, phase) => {
    if (expect === undefined) phase.atTimeout = passed('no refusal');
    return (message) => {
      if (expect === undefined) end(passed('a reply'));
      else if (new RegExp(expect, 'u').test(message.toString('latin1'))) end(passed('a matching reply'));
      else phase.waiting = `a reply that does not match /${expect}/, and no other`;
    };
  });
}

/** `dns`: the reply has the response code, and enough answers. */
export function dnsCheck(probe: Probe): Promise<CheckResult> {
  const settings = probe.check.settings as unknown as DnsSettings & { readonly tcp: boolean };
  const id = randomInt(0x1_0000);
  const query = Buffer.from(dnsQuery(settings, id));
  if (settings.tcp) return dnsOverTcp(probe, settings, id, query);
  return datagramCheck(probe, query, (end) => (message) => {
    const result = judgeDns(settings, id, message);
    if (result !== undefined) end(result);
  });
}

/** Over TCP a message follows its length. */
function dnsOverTcp(probe: Probe, settings: DnsSettings, id: number, query: Buffer): Promise<CheckResult> {
  return streamCheck(probe, undefined, (end) => {
    let heard = Buffer.alloc(0);
    return {
      ready: (socket) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(query.length);
        socket.write(Buffer.concat([length, query]));
      },
      heard: (bytes) => {
        heard = Buffer.concat([heard, bytes]);
        if (heard.length < 2 || heard.length < 2 + heard.readUInt16BE(0)) return;
        const message = heard.subarray(2, 2 + heard.readUInt16BE(0));
        end(judgeDns(settings, id, message) ?? failed('the reply is to another query'));
      },
      ended: () => end(failed('the server closed the connection inside the reply')),
    };
  });
}

/** A connected socket, so that the kernel reports an ICMP refusal and drops datagrams of others. */
function datagramCheck(
  { address, port, check }: Probe,
  payload: Buffer,
  talk: (end: End, phase: Phase) => (message: Buffer) => void,
): Promise<CheckResult> {
  return attempt(check.timeout, (end, phase) => {
    phase.waiting = 'no reply';
    const heard = talk(end, phase);
    const family = address.includes(':') ? 6 : 4;
    const socket: Socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      lookup: (name, _options, found) => found(null, name, family),
    });
    const stop = new AbortController();
    const fail = (error: Error & { readonly code?: string }): void =>
      void kernelFailure(error, { protocol: 'udp', address, port, signal: stop.signal }).then(end);
    socket.on('error', fail);
    socket.on('message', heard);
    // If the kernel refuses at once, the error is passed to the callback and not to the listener.
    const connected = (refusal?: Error): void => {
      if (refusal !== undefined) fail(refusal);
      else socket.send(payload, (error) => error !== null && fail(error));
    };
    socket.connect(port, address, connected);
    return () => {
      stop.abort();
      closeSocket(socket);
    };
  });
}

/** A socket that failed to open is closed already. */
function closeSocket(socket: Socket): void {
  socket.removeAllListeners('message');
  try {
    socket.close();
  } catch {
    return;
  }
}
