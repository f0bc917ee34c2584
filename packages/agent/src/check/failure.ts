import { type CheckResult, failed, noVerdict } from './result.js';

/** Errors of this host: they say nothing about the server. */
const LOCAL: Readonly<Record<string, string>> = {
  EMFILE: 'this process has no descriptor left',
  ENFILE: 'this host has no descriptor left',
  ENOBUFS: 'this host has no buffer space',
  ENOMEM: 'this host has no memory',
  EADDRNOTAVAIL: 'this host has no address or port left',
  EADDRINUSE: 'this host has no port left',
  ENETUNREACH: 'this host has no route',
  ENETDOWN: 'the network of this host is down',
  EACCES: 'this process may not do that',
  EPERM: 'the firewall of this host, or its permissions, forbid it',
  EAFNOSUPPORT: 'this host does not have the address family',
  EAGAIN: 'this host has no process or port left',
  EINVAL: 'this host refused the address',
};

/** Errors that the server or the network near it caused. */
const REMOTE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  EHOSTUNREACH: 'host unreachable',
  EHOSTDOWN: 'host is down',
  ETIMEDOUT: 'connection timed out',
  ECONNABORTED: 'connection aborted',
  EPROTO: 'protocol error',
};

/**
 * The result of a check whose socket failed with `error`. EHOSTUNREACH is the server's fault: on a network of this host
 * it means that nobody answers ARP.
 */
export function socketFailure(error: {
  readonly code?: string | undefined;
  readonly message: string;
}): CheckResult {
  const code = error.code ?? '';
  const local = LOCAL[code];
  if (local !== undefined) return noVerdict(`${local} (${code})`);
  const remote = REMOTE[code];
  if (remote === undefined) return failed(code === '' ? error.message : `${error.message} (${code})`);
  return code === 'ECONNREFUSED' ? { ...failed(remote), refused: true } : failed(remote);
}
