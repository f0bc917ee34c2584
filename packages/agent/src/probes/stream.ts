import { connect, type Socket } from 'node:net';
import { versions } from 'node:process';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Probe } from '../check/probe.js';
import { type CheckResult, failed } from '../check/result.js';
import { attempt, type End, type Phase } from './attempt.js';
import { kernelFailure } from './kernel-failure.js';

/** How a connection is secured. */
export interface TlsOptions {
  /** SNI; none by default. */
  readonly name: string | undefined;
  readonly verify: boolean;
  readonly alpn: readonly string[] | undefined;
}

/** Handlers of a connection. */
export interface Talk {
  /** Called when the connection is established, including TLS. */
  readonly ready: (socket: Socket) => void;
  /** Called with bytes that arrived. They are overwritten after the call: copy those that are needed later. */
  readonly heard: (bytes: Buffer, socket: Socket) => void;
  /** Called when the server sends no more. */
  readonly ended: () => void;
}

/** The buffer of all connections: each reading is handled before the next. */
const READ = Buffer.allocUnsafeSlow(65_536);

/**
 * Runs a check over TCP, with TLS if `tls` says how. A plain connection is reset at the end, so that it does not stay
 * in TIME_WAIT.
 */
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

/** Opens a connection that reads without a stream, if the runtime supports it, which costs less CPU and memory. */
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
