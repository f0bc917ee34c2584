import { versions } from 'node:process';
import { parseAddress } from '@ipvs-ts/ipvs';
import { connectError } from '@ipvs-ts/netlink';
import { socketFailure } from '../check/failure.js';
import type { CheckResult } from '../check/result.js';

/** An error of a socket; under Bun some have no code. */
type SocketError = Error & { readonly code?: string | undefined };

/** The target of a check. */
export interface Target {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Aborted when the attempt ends. */
  readonly signal: AbortSignal;
}

/**
 * The result of a check whose socket failed with `error`. Bun, which the executable uses, reports ECONNREFUSED if there
 * is no route, no descriptor, or no answer from a neighbour, and has no code for datagrams. The kernel is asked again
 * then: a failure of this host must not count as the server's refusal.
 */
export async function kernelFailure(error: SocketError, target: Target): Promise<CheckResult> {
  if (versions['bun'] === undefined || !isDoubtful(error)) return socketFailure(error);
  const { protocol, port, signal } = target;
  const address = parseAddress(target.address)?.bytes;
  const code = address === undefined ? undefined : await connectError({ protocol, address, port, signal });
  // If the server has returned meanwhile, the first error counts.
  return socketFailure(code === undefined ? error : { code, message: error.message });
}

function isDoubtful({ code }: SocketError): boolean {
  return code === undefined || code === 'ECONNREFUSED';
}
