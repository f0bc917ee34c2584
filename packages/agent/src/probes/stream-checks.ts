/** The checks that use a connection. */
import { TLSSocket } from 'node:tls';
import { Conversation } from '../check/conversation.js';
import { type HttpSettings, httpRequest, judgeHttp } from '../check/http.js';
import { HttpReader } from '../check/http-reply.js';
import type { Probe } from '../check/probe.js';
import { type CheckResult, failed, passed } from '../check/result.js';
import { judgeAgentLine } from '../check/words.js';
import type { Step } from '../fields/steps.js';
import type { End } from './attempt.js';
import { streamCheck, type TlsOptions } from './stream.js';

/** The most bytes of a line of a server. */
const LONGEST_LINE = 1024;

/** `tcp`: connected, and every step matched. */
export function tcpCheck(probe: Probe): Promise<CheckResult> {
  const { steps = [] } = probe.check.settings as { readonly steps?: readonly Step[] };
  return streamCheck(probe, undefined, (end) => {
    const conversation = new Conversation(steps);
    const go = (socket: { write(text: string, encoding: 'latin1'): unknown }): void => {
      for (;;) {
        const action = conversation.action();
        if (action.kind === 'send') {
          socket.write(action.text, 'latin1');
          continue;
        }
        if (action.kind === 'passed') end(passed(steps.length === 0 ? 'connected' : 'every step matched'));
        if (action.kind === 'failed') end(failed(action.reason));
        return;
      }
    };
    return {
      ready: go,
      heard: (bytes, socket) => {
        conversation.hear(bytes);
        go(socket);
      },
      ended: () => end(failed(conversation.ended('connection closed'))),
    };
  });
}

/** `tls`: the handshake is done. */
export function tlsCheck(probe: Probe): Promise<CheckResult> {
  const { name, verify, alpn } = probe.check.settings as unknown as TlsOptions;
  return streamCheck(probe, { name, verify, alpn }, (end) => ({
    ready: (socket) => end(passed(socket instanceof TLSSocket ? (socket.getProtocol() ?? 'TLS') : 'TLS')),
    heard: () => undefined,
    ended: () => undefined,
  }));
}

/** `http`: status and body match. */
export function httpCheck(probe: Probe): Promise<CheckResult> {
  return httpOver(probe, undefined);
}

/** `https`: the same over TLS. */
export function httpsCheck(probe: Probe): Promise<CheckResult> {
  const { host = probe.virtualHost, verify } = probe.check.settings as unknown as HttpSettings & TlsOptions;
  const name = host.replace(/:\d+$/, '');
  return httpOver(probe, { name, verify, alpn: ['http/1.1'] });
}

/** The requests of probes, which are the same at every run. */
const REQUESTS = new WeakMap<Probe, string>();
/** Requests by text, so that the probes of one service share one. */
const TEXTS = new Map<string, string>();
const MOST_TEXTS = 1000;

function requestOf(probe: Probe, settings: HttpSettings): string {
  const known = REQUESTS.get(probe);
  if (known !== undefined) return known;
  const made = httpRequest(settings, probe.virtualHost);
  const text = TEXTS.get(made) ?? made;
  if (TEXTS.size >= MOST_TEXTS) TEXTS.clear();
  TEXTS.set(text, text);
  REQUESTS.set(probe, text);
  return text;
}

function httpOver(probe: Probe, tls: TlsOptions | undefined): Promise<CheckResult> {
  const settings = probe.check.settings as unknown as HttpSettings;
  return streamCheck(probe, tls, (end) => {
    const reader = new HttpReader(settings);
    const read = (bytes: Uint8Array, ended: boolean): void => {
      const reply = reader.read(bytes, ended);
      if (typeof reply === 'string') end(failed(reply));
      else if (reply !== undefined) end(judgeHttp(settings, reply));
    };
    return {
      ready: (socket) => socket.write(requestOf(probe, settings)),
      heard: (bytes) => read(bytes, false),
      ended: () => read(new Uint8Array(), true),
    };
  });
}

/** `agent`: the server sends a line as for HAProxy's agent-check. */
export function agentCheck(probe: Probe): Promise<CheckResult> {
  const { send } = probe.check.settings as { readonly send: string };
  return streamCheck(probe, undefined, (end) => {
    let text = '';
    return {
      ready: (socket) => {
        if (send !== '') socket.write(send, 'latin1');
      },
      heard: (bytes) => {
        text += bytes.toString('latin1');
        if (text.includes('\n') || text.length > LONGEST_LINE) end(judgeAgentLine(text));
      },
      ended: () => endOfLine(end, text),
    };
  });
}

function endOfLine(end: End, text: string): void {
  end(text === '' ? failed('the server closed the connection without a line') : judgeAgentLine(text));
}
