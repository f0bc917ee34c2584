/** Checks of the agent from checkers of keepalived. */
import { compiles } from '../../fields/pattern.js';
import { writeDuration } from '../../fields/duration.js';
import { percentEncoded } from '../encoded-text.js';
import type { Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import type { Checker, Url } from './checker.js';
import { smtpSteps, udpSettings } from './conversations.js';
import { shellWords } from './syntax/quotes.js';
import { type Node, shellValues } from './syntax/tree.js';
import { innerTiming, type Timing, type TimingWord } from './timing.js';

/** What the checks of a real server depend on. */
export interface CheckTarget {
  readonly address: string;
  /** As configured; 0 if there is none. */
  readonly port: number;
  /** Its port in the table. */
  readonly tablePort: number;
  readonly weight: number;
  readonly timing: Timing;
  readonly virtualhost: Node | undefined;
}

/** Default retries, and the default pause before them in milliseconds. */
const DEFAULTS: Readonly<Record<string, { readonly retry: number; readonly pause: number | undefined }>> = {
  HTTP_GET: { retry: 1, pause: 3000 },
  SSL_GET: { retry: 1, pause: 3000 },
  MISC_CHECK: { retry: 0, pause: 1000 },
  DNS_CHECK: { retry: 3, pause: undefined },
};
const DEFAULT = { retry: 1, pause: 1000 };
const DEFAULT_DELAY_LOOP = 60_000;
const DEFAULT_TIMEOUT = 5000;
/** Limits of the agent's checks; milliseconds. */
const SHORTEST_INTERVAL = 100;
const SHORTEST_TIMEOUT = 10;
const LONGEST = 0x7fff_ffff;
const MOST_FAILURES = 100;

/** The checks that replace a checker: none if the agent has no such check. */
export function checksOf(checker: Checker, target: CheckTarget, remarks: Remarks): readonly Plain[] {
  const { node } = checker;
  const own = new CheckWriter(checker, target, remarks);
  switch (node.word) {
    case 'HTTP_GET':
    case 'SSL_GET':
      return own.http(node.word === 'SSL_GET' ? 'https' : 'http');
    case 'TCP_CHECK':
      return own.connecting(checker, () => ({ tcp: {} }));
    case 'SMTP_CHECK':
      return (checker.hosts.length > 0 ? checker.hosts : [checker]).flatMap((host) =>
        own.connecting(host, () => ({
          tcp: { steps: smtpSteps(checker.helo ?? 'smtpchecker.keepalived.org') },
        })),
      );
    case 'DNS_CHECK':
      return own.connecting(checker, () => ({
        dns: { name: checker.dnsName ?? '.', type: checker.dnsType ?? 'SOA', answers: 0 },
      }));
    case 'PING_CHECK':
      return own.pinging();
    case 'UDP_CHECK':
      return own.connecting(checker, () => ({ udp: udpSettings(checker) }));
    case 'MISC_CHECK':
      return own.script();
    default:
      return [];
  }
}

class CheckWriter {
  readonly #checker: Checker;
  readonly #target: CheckTarget;
  readonly #remarks: Remarks;
  readonly #timing: Timing;

  constructor(checker: Checker, target: CheckTarget, remarks: Remarks) {
    this.#checker = checker;
    this.#target = target;
    this.#remarks = remarks;
    this.#timing = innerTiming(target.timing, checker.timing);
  }

  /** A check that connects as `connection` says. */
  connecting(connection: Checker, type: (port: number) => Plain): readonly Plain[] {
    const port = connection.connectPort ?? this.#target.port;
    if (!this.#isOwnAddress(connection)) return [];
    if (port === 0) {
      this.#remarks.dropped(
        connection.node,
        `${this.#checker.node.word}: neither the server nor the check has a port, so keepalived's check fails always; name port: in a check of the document`,
      );
      return [];
    }
    return [
      { ...type(port), ...(port !== this.#target.tablePort && { port }), ...this.#common(DEFAULT_TIMEOUT) },
    ];
  }

  pinging(): readonly Plain[] {
    return this.#isOwnAddress(this.#checker) ? [{ ping: {}, ...this.#common(DEFAULT_TIMEOUT) }] : [];
  }

  http(type: 'http' | 'https'): readonly Plain[] {
    const { urls, node } = this.#checker;
    if (urls.length === 0)
      this.#remarks.dropped(node, `${node.word}: it has no url, so keepalived ignores the check`);
    return urls.flatMap((url) =>
      this.connecting(this.#checker, (port) => ({ [type]: this.#httpSettings(url, type, port) })),
    );
  }

  #httpSettings(url: Url, type: 'http' | 'https', port: number): Plain {
    const said = url.virtualhost ?? this.#checker.virtualhost ?? this.#target.virtualhost;
    const host = this.#host(said, port);
    if (host === said?.values[0] && type === 'https' && this.#checker.sni !== true)
      this.#remarks.instead(
        said,
        'differs',
        `${said.text}: the check sends ${host} as SNI, which keepalived does only with enable_sni`,
      );
    return {
      path: this.#path(url),
      host,
      ...(url.status !== undefined && { status: statusList(url.status) }),
      ...(url.digest !== undefined && { digest: url.digest }),
      ...this.#body(url),
    };
  }

  #path({ path: node }: Url): string {
    const path = node?.values[0] ?? '/';
    const absolute = path.startsWith('/') ? path : `/${path}`;
    const encoded = percentEncoded(absolute);
    if (node !== undefined && encoded !== path)
      this.#remarks.instead(node, 'differs', `${node.text}: it is requested as ${encoded}`);
    return encoded;
  }

  /** keepalived's Host header: by default the address and the port of the server. */
  #host(said: Node | undefined, port: number): string {
    const { address } = this.#target;
    const own = `${address.includes(':') ? `[${address}]` : address}:${port}`;
    const host = said?.values[0];
    if (said === undefined || host === undefined || /^[\w.:[\]-]{1,253}$/.test(host)) return host ?? own;
    this.#remarks.instead(said, 'dropped', `${said.text}: it is no name of a host; the check sends ${own}`);
    return own;
  }

  #body({ regex: node, noMatch, regexOptions }: Url): Plain | undefined {
    if (node === undefined) return undefined;
    const regex = shellValues(node)[0] ?? '';
    const pattern = noMatch === true ? `^(?![\\s\\S]*(?:${regex}))` : regex;
    if (regexOptions === true || !compiles(pattern)) {
      const why =
        regexOptions === true ? 'its options have no counterpart' : 'it is no pattern of JavaScript';
      this.#remarks.instead(
        node,
        'dropped',
        `${node.text}: ${why}; write body: yourself, and the check looks at the body`,
      );
      return undefined;
    }
    return { body: pattern };
  }

  script(): readonly Plain[] {
    const { script, dynamic, node, scriptTimeout } = this.#checker;
    const words = script === undefined ? [] : shellWords(script);
    if (words.length === 0) {
      this.#remarks.dropped(node, 'MISC_CHECK: it has no misc_path, so keepalived ignores the check');
      return [];
    }
    const { weight } = this.#target;
    // For keepalived any status except 0 is a failure, for the agent only 1.
    const shell =
      dynamic === true && weight > 0
        ? `"$@" >/dev/null; s=$?; [ $s -lt 2 ] && exit $s; echo "up $(((s - 2) * 100 / ${weight}))%"`
        : '"$@" || exit 1';
    const command = ['/bin/sh', '-c', shell, 'check', ...words];
    const timeout = scriptTimeout === undefined || scriptTimeout === 0 ? this.#interval() : scriptTimeout;
    return [{ script: { command }, ...this.#common(timeout) }];
  }

  #isOwnAddress({ connectIp, connectIpNode }: Checker): boolean {
    if (connectIp === undefined || connectIpNode === undefined) return true;
    const isOwn = connectIp === this.#target.address;
    const about = isOwn
      ? 'the address of the server'
      : 'checks of other addresses are not supported yet, so the destination has no such check';
    this.#remarks.add(connectIpNode, isOwn ? 'taken over' : 'dropped', `${connectIpNode.text}: ${about}`);
    return isOwn;
  }

  #interval(): number {
    return this.#timing.delayLoop ?? DEFAULT_DELAY_LOOP;
  }

  #common(timeout: number): Plain {
    const { node } = this.#checker;
    const { retry, pause } = DEFAULTS[node.word] ?? DEFAULT;
    const fall = 1 + (this.#timing.retry ?? retry);
    const failing = this.#timing.delayBeforeRetry ?? pause ?? this.#interval();
    const limit = node.word === 'MISC_CHECK' ? timeout : (this.#timing.connectTimeout ?? timeout);
    if (fall > MOST_FAILURES)
      this.#differs('retry', `the agent counts at most ${MOST_FAILURES} failures, not ${fall}`);
    return {
      interval: this.#duration('delay_loop', this.#interval(), SHORTEST_INTERVAL),
      ...(fall > 1 && { failingInterval: this.#duration('delay_before_retry', failing, SHORTEST_INTERVAL) }),
      timeout: this.#duration('connect_timeout', limit, SHORTEST_TIMEOUT),
      fall: Math.min(fall, MOST_FAILURES),
      rise: 1,
    };
  }

  #duration(word: TimingWord, ms: number, shortest: number): string {
    const within = Math.min(Math.max(Math.round(ms), shortest), LONGEST);
    if (within !== ms) this.#differs(word, `the check takes ${writeDuration(within)}, not ${ms / 1000} s`);
    return writeDuration(within);
  }

  /** Adds the remark at the line that sets the time, or at the checker. */
  #differs(word: TimingWord, text: string): void {
    const node = this.#timing.places?.[word];
    if (node !== undefined) this.#remarks.instead(node, 'differs', `${node.text}: ${text}`);
    else this.#remarks.differs(this.#checker.node, `${this.#checker.node.word}: ${text}`);
  }
}

/** The agent supports statuses up to 599. */
function statusList(ranges: readonly string[]): string {
  return ranges
    .map((range) => range.split('-').map(Number))
    .filter(([from]) => (from as number) <= 599)
    .map(([from, to]) => (to === undefined ? String(from) : `${from ?? ''}-${Math.min(to, 599)}`))
    .join(', ');
}
