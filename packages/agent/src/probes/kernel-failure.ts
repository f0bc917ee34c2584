import { versions } from 'node:process';
import { parseAddress } from '@ipvs-ts/ipvs';
import { connectError } from '@ipvs-ts/netlink';
import { socketFailure } from '../check/failure.js';
import type { CheckResult } from '../check/result.js';

/** An error of a socket; under Bun some have no code. */
type SocketError = Error & { readonly code?: string | undefined };

/** Where a check connected to. */
export interface Target {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Aborted when the attempt ends. */
  readonly signal: AbortSignal;
}

/**
 * The result of a check whose socket failed with `error`. Bun, which the executable is made of, says ECONNREFUSED where the
 * kernel has no route, no descriptor, or no neighbour that answers, and has no code for datagrams: there the kernel is asked
 * again. What this host lacks must not count as the server's refusal.
 */
export async function kernelFailure(error: SocketError, target: Target): Promise<CheckResult> {
  if (versions['bun'] === undefined || !isDoubtful(error)) return socketFailure(error);
  const { protocol, port, signal } = target;
  const address = parseAddress(target.address)?.bytes;
  const code = address === undefined ? undefined : await connectError({ protocol, address, port, signal });
  // The server may have returned meanwhile: then the first error counts.
  return socketFailure(code === undefined ? error : { code, message: error.message });
}

function isDoubtful({ code }: SocketError): boolean {
  return code === undefined || code === 'ECONNREFUSED';
}
