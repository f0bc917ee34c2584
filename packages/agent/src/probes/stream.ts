import { connect, type Socket } from 'node:net';
import { versions } from 'node:process';
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
  /** Bytes arrived. They are overwritten after the call: what is needed later is copied. */
  readonly heard: (bytes: Buffer, socket: Socket) => void;
  /** The server sends no more. */
  readonly ended: () => void;
}

/** What all connections are read into: each reading is dealt with before the next. */
const READ = Buffer.allocUnsafeSlow(65_536);

/** Runs a check over TCP, with TLS if `tls` says how. A plain connection is reset at the end: nothing lingers. */
export function streamCheck(
  { address, port, check }: Probe,
  tls: TlsOptions | undefined,
  talk: (end: End, phase: Phase) => Talk,
): Promise<CheckResult> {
  return attempt(check.timeout, (end, phase) => {
    const { ready, heard, ended } = talk(end, phase);
    phase.waiting = tls === undefined ? 'no connection' : 'no TLS connection';
    const hear = (bytes: Buffer): void => heard(bytes, socket);
    const socket =
      tls === undefined
        ? connectPlain(address, port, hear)
        : connectTls(tlsOptions(address, port, tls)).on('data', hear);
    let failing: AbortController | undefined;
    socket.on('error', (error: Error & { readonly code?: string }) => {
      failing ??= new AbortController();
      void kernelFailure(error, { protocol: 'tcp', address, port, signal: failing.signal }).then(end);
    });
    socket.on(tls === undefined ? 'connect' : 'secureConnect', () => {
      phase.waiting = 'no reply';
      ready(socket);
    });
    socket.on('end', ended);
    socket.on('close', () => failing !== undefined || end(failed('connection closed')));
    return () => {
      failing?.abort();
      if (tls === undefined) socket.resetAndDestroy();
      else socket.destroy();
    };
  });
}

/** A connection that reads without a stream, where the runtime can: that costs less and leaves less garbage. */
function connectPlain(host: string, port: number, heard: (bytes: Buffer) => void): Socket {
  if (versions['bun'] !== undefined) return connect({ host, port }).on('data', heard);
  const onread = {
    buffer: READ,
    callback: (length: number): boolean => {
      heard(READ.subarray(0, length));
      return true;
    },
  };
  return connect({ host, port, onread });
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
