import type { HttpReply } from './http-reply.js';
import { type CheckResult, failed, passed } from './result.js';
import { hasStatus, type StatusRange, statusesText } from '../fields/statuses.js';

/** The settings of a request and of judging its reply. */
export interface HttpSettings {
  readonly path: string;
  readonly host: string | undefined;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly status: readonly StatusRange[];
  readonly body: string | undefined;
  readonly digest: string | undefined;
}

/** The request as text, for its own connection. `host`: the Host header by default. */
export function httpRequest({ method, path, headers = {}, ...settings }: HttpSettings, host: string): string {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const own: Record<string, string> = {
    Host: settings.host ?? host,
    'User-Agent': 'ipvs-ts-agent',
    Accept: '*/*',
    Connection: 'close',
  };
  const lines = Object.entries(own).filter(([name]) => !given.has(name.toLowerCase()));
  const all = [...lines, ...Object.entries(headers)].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${all.join('')}\r\n`;
}

/** Judges whether the reply is as expected. */
export function judgeHttp(settings: HttpSettings, reply: HttpReply): CheckResult {
  if (!hasStatus(settings.status, reply.status))
    return failed(`status ${reply.status}, not ${statusesText(settings.status)}`);
  if (settings.body !== undefined && !new RegExp(settings.body, 'u').test(reply.body))
    return failed(`status ${reply.status}, but the body does not match /${settings.body}/`);
  if (settings.digest !== undefined && reply.digest !== settings.digest)
    return failed(`status ${reply.status}, but the digest of the body is ${reply.digest ?? 'unknown'}`);
  return passed(`status ${reply.status}`);
}
