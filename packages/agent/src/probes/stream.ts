import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Probe } from '../check/probe.js';
import { type CheckResult, failed } from '../check/result.js';
import { attempt, type End, type Phase } from './attempt.js';
import { kernelFailure } from './kernel-failure.js';

/** How a connection is secured. */
export interface TlsOptions {
  /** SNI; undefined: none. */
  readonly name: string | undefined;
  readonly verify: boolean;
  readonly alpn: readonly string[] | undefined;
}

/** What is said on a connection once it stands. */
export interface Talk {
  /** The connection stands, and TLS is done. */
  readonly ready: (socket: Socket) => void;
  /** Bytes arrived. */
  readonly heard: (bytes: Buffer, socket: Socket) => void;
  /** The server sends no more. */
  readonly ended: () => void;
}

/** Runs a check over TCP, with TLS if `tls` says how. A plain connection is reset at the end: nothing lingers. */
export function streamCheck(
  { address, port, check }: Probe,
  tls: TlsOptions | undefined,
  talk: (end: End, phase: Phase) => Talk,
): Promise<CheckResult> {
  return attempt(check.timeout, (end, phase) => {
    const { ready, heard, ended } = talk(end, phase);
    phase.waiting = tls === undefined ? 'no connection' : 'no TLS connection';
    const socket =
      tls === undefined ? connect({ host: address, port }) : connectTls(tlsOptions(address, port, tls));
    const stop = new AbortController();
    let isFailing = false;
    socket.on('error', (error: Error & { readonly code?: string }) => {
      isFailing = true;
      void kernelFailure(error, { protocol: 'tcp', address, port, signal: stop.signal }).then(end);
    });
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      phase.waiting = 'no reply';
      ready(socket);
    });
    socket.on('data', (bytes: Buffer) => heard(bytes, socket));
    socket.once('end', ended);
    socket.once('close', () => isFailing || end(failed('connection closed')));
    return () => {
      stop.abort();
      if (tls === undefined) socket.resetAndDestroy();
      else socket.destroy();
    };
  });
}

function tlsOptions(host: string, port: number, { name, verify, alpn }: TlsOptions): ConnectionOptions {
  const named = name !== undefined && !/^[\d.]+$|:/.test(name);
  return {
    host,
    port,
    rejectUnauthorized: verify,
    ...(named && { servername: name }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
  };
}
