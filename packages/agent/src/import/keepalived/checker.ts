import type { Remarks } from '../remarks.js';
import { DONE, type Handlers, readBlock } from './words/context.js';
import { type Timing, readRetry, TIMING_HANDLERS } from './timing.js';
import { type Node, shellValues } from './syntax/tree.js';
import { readAddress, readDigits, readHex, readInteger } from './words/values.js';
import { CHECKERS, SMTP_HOST, URL } from './words/checker-words.js';

/** Bytes of a payload; a half byte that may be anything is undefined. */
export type Bytes = readonly (readonly [high: number | undefined, low: number | undefined])[];

/** A URL of `HTTP_GET` or `SSL_GET`. */
export interface Url {
  readonly node: Node;
  path?: Node;
  digest?: string;
  status?: string[];
  virtualhost?: Node;
  regex?: Node;
  noMatch?: boolean;
  regexOptions?: boolean;
}

/** A checker of a real server. */
export interface Checker {
  readonly node: Node;
  readonly timing: Timing;
  connectIp?: string;
  connectIpNode?: Node;
  connectPort?: number;
  virtualhost?: Node;
  readonly urls: Url[];
  sni?: boolean;
  helo?: string;
  readonly hosts: Checker[];
  dnsType?: string;
  dnsName?: string;
  script?: string;
  /** Milliseconds. */
  scriptTimeout?: number;
  dynamic?: boolean;
  payload?: Bytes;
  requireReply?: boolean;
  reply?: Bytes;
  shortest?: number;
  longest?: number;
}

const DNS_TYPES = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA'];

const CONNECTION: Handlers<Checker> = {
  connect_ip: (checker, node) => {
    const address = readAddress(node.values[0]);
    if (address === undefined) return 'it is not an address';
    checker.connectIp = address;
    checker.connectIpNode = node;
    return DONE;
  },
  connect_port: (checker, { values }) => {
    const port = readDigits(values[0], 1, 0xffff);
    if (typeof port === 'string') return port;
    checker.connectPort = port;
    return undefined;
  },
};

const COMMON: Handlers<Checker> = {
  ...TIMING_HANDLERS,
  ...CONNECTION,
  retry: ({ timing }, node) => readRetry(timing, node, 0),
};

/** Reads the block of a checker; undefined where keepalived ignores it. */
export function readChecker(node: Node, remarks: Remarks): Checker | undefined {
  const checker: Checker = { node, timing: {}, urls: [], hosts: [] };
  const handlers: Handlers<Checker> = {
    ...COMMON,
    nb_get_retry: ({ timing }, child) => readRetry(timing, child, 0),
    virtualhost: (each, child) => void (each.virtualhost = child),
    http_protocol: (_, { values }) =>
      ['1.0', '1.0C', '1.0c', '1.1'].includes(values[0] as string)
        ? undefined
        : `there is no version ${values[0] ?? ''}`,
    enable_sni: (each) => void (each.sni = true),
    helo_name: (each, child) => void (each.helo = shellValues(child)[0] as string),
    url: (each, child) => {
      const url: Url = { node: child };
      each.urls.push(url);
      readBlock(child.children ?? [], URL, URL_HANDLERS, url, remarks);
    },
    host: (each, child) => {
      const host: Checker = { node: child, timing: each.timing, urls: [], hosts: [] };
      each.hosts.push(host);
      readBlock(child.children ?? [], SMTP_HOST, CONNECTION, host, remarks);
    },
    ...(node.word === 'DNS_CHECK' && DNS),
    ...(node.word === 'MISC_CHECK' && MISC),
    ...(node.word === 'UDP_CHECK' && UDP),
  };
  readBlock(node.children ?? [], CHECKERS[node.word] ?? {}, handlers, checker, remarks);
  return checker;
}

const DNS: Handlers<Checker> = {
  type: (checker, { values }) => {
    const type = (values[0] as string).toUpperCase();
    if (!DNS_TYPES.includes(type)) return `the type is none of ${DNS_TYPES.join(', ')}`;
    checker.dnsType = type;
    return undefined;
  },
  name: (checker, { values }) => {
    const name = values[0] as string;
    if (name === '') return 'it is empty, so the check asks for the root';
    checker.dnsName = name;
    return undefined;
  },
};

const MISC: Handlers<Checker> = {
  misc_path: (checker, node) => {
    const [path, ...more] = shellValues(node);
    checker.script = path as string;
    return more.length > 0
      ? `takes ${JSON.stringify(path)} without ${more.join(' ')}, which is not quoted`
      : undefined;
  },
  misc_timeout: (checker, { values }) => {
    const seconds = readDigits(values[0], 0, 4294);
    if (typeof seconds === 'string') return seconds;
    checker.scriptTimeout = seconds * 1000;
    return undefined;
  },
  misc_dynamic: (checker) => void (checker.dynamic = true),
};

const UDP: Handlers<Checker> = {
  payload: (checker, node) => {
    const bytes = readHex(node.values.join(' '), false);
    if (typeof bytes === 'string') return bytes;
    checker.payload = bytes;
    return undefined;
  },
  require_reply: (checker, node) => {
    const bytes = readHex(node.values.join(' '), true);
    if (typeof bytes === 'string') return bytes;
    checker.requireReply = true;
    if (bytes.length > 0) checker.reply = bytes;
    return undefined;
  },
  min_reply_length: (checker, { values }) => {
    const length = readInteger(values[0], 0, 0xffff);
    if (typeof length === 'string') return length;
    checker.shortest = length;
    return undefined;
  },
  max_reply_length: (checker, { values }) => {
    const length = readInteger(values[0], 0, 0xffff);
    if (typeof length === 'string') return length;
    checker.longest = length;
    return undefined;
  },
};

const URL_HANDLERS: Handlers<Url> = {
  path: (url, node) => void (url.path = node),
  digest: (url, { values }) => {
    const digest = (values[0] as string).toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(digest)) return 'a digest has 32 hexadecimal digits';
    url.digest = digest;
    return undefined;
  },
  status_code: (url, { values }) => {
    const wrong = values.filter((each) => !isStatus(each));
    const right = values.filter(isStatus);
    if (right.length > 0) url.status = right;
    return wrong.length > 0 ? `${wrong.join(' ')} is no status` : undefined;
  },
  virtualhost: (url, node) => void (url.virtualhost = node),
  regex: (url, node) => void (url.regex = node),
  regex_no_match: (url) => void (url.noMatch = true),
  regex_options: (url) => void (url.regexOptions = true),
};

/** The agent supports statuses up to 599. */
function isStatus(text: string): boolean {
  const match = /^([1-9]\d\d)(?:-([1-9]\d\d))?$/.exec(text);
  return match !== null && Number(match[1]) <= Math.min(599, Number(match[2] ?? match[1]));
}
