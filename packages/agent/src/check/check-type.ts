import { DNS_RCODES, DNS_TYPES } from './dns.js';
import { fields, type Fields } from '../fields/field.js';

/** One type of check: its name, what it does, and its fields. */
export interface CheckType {
  /** A sentence: when it passes. */
  readonly about: string;
  readonly fields: Fields;
  /** Whether a target needs a port. */
  readonly needsPort: boolean;
}

const path = {
  kind: 'text',
  longest: 2000,
  form: /^\/[\x21-\x7e]*$/,
  allowed: 'a path that begins with /',
} as const;
const host = {
  kind: 'text',
  longest: 253,
  form: /^[\w.:[\]-]+$/,
  allowed: 'the name of a host, or an address',
} as const;
const verify = {
  kind: 'boolean',
  byDefault: false,
  about: 'Whether the certificate must be valid for the name, and its authority known to this host.',
} as const;

const HTTP = fields({
  path: { ...path, byDefault: '/', about: 'Path of the request, with its query.' },
  host: { ...host, about: 'Host header; with https also SNI. The virtual address by default.' },
  method: {
    kind: 'text',
    longest: 20,
    form: /^[A-Z]+$/,
    allowed: 'a method in capital letters',
    byDefault: 'GET',
    about: 'Method of the request.',
  },
  headers: { kind: 'map', about: 'More headers, by name.' },
  status: { kind: 'statuses', byDefault: '200-299', about: 'Statuses that pass: ranges and lists.' },
  body: { kind: 'pattern', about: 'Regular expression that the first 64 KiB of the body must match.' },
  digest: {
    kind: 'text',
    longest: 32,
    form: /^[0-9a-f]{32}$/,
    allowed: '32 hexadecimal digits in small letters',
    about: 'MD5 sum of the whole body, at most 1 MiB, as keepalived takes it.',
  },
});

/** The fields of each type of check, by their names in documents. */
export const TYPE_FIELDS = {
  tcp: fields({
    steps: {
      kind: 'steps',
      about: 'Text to send, and regular expressions that what arrives must match, in order.',
    },
  }),
  tls: fields({
    name: { ...host, about: 'SNI; none by default.' },
    verify,
    alpn: { kind: 'texts', shortest: 1, about: 'Protocols to offer.' },
  }),
  http: HTTP,
  https: fields({ ...HTTP, verify }),
  dns: fields({
    name: {
      kind: 'text',
      longest: 253,
      form: /^(\.|([\w-]{1,63}\.)*[\w-]{1,63}\.?)$/,
      allowed: 'a domain name of at most 253 characters',
      required: true,
      about: 'Name to ask for.',
    },
    type: { kind: 'choice', choices: DNS_TYPES, byDefault: 'A', about: 'Type of record.' },
    rcode: { kind: 'choice', choices: DNS_RCODES, byDefault: 'NOERROR', about: 'Response code that passes.' },
    answers: {
      kind: 'integer',
      minimum: 0,
      maximum: 100,
      byDefault: 1,
      about: 'Fewest answers of the type; counted with rcode NOERROR only.',
    },
    tcp: { kind: 'boolean', byDefault: false, about: 'Ask over TCP.' },
  }),
  udp: fields({
    send: {
      kind: 'bytes',
      longest: 4096,
      byDefault: '',
      about: 'Payload of the datagram: each character is a byte.',
    },
    expect: {
      kind: 'pattern',
      about: 'Regular expression that a reply must match; without it no reply is needed.',
    },
  }),
  ping: fields({}),
  script: fields({
    command: { kind: 'texts', shortest: 1, required: true, about: 'Program and its arguments; no shell.' },
    env: { kind: 'map', about: 'More environment variables, by name.' },
  }),
  file: fields({
    path: {
      kind: 'text',
      longest: 4096,
      form: /^\//,
      allowed: 'an absolute path; {address} and {port} stand for those of the destination',
      required: true,
      about: 'File whose first word is up or down; {address} and {port} stand for those of the destination.',
    },
  }),
  agent: fields({
    send: {
      kind: 'bytes',
      longest: 4096,
      byDefault: '',
      about: 'Text to send first: each character is a byte.',
    },
  }),
} as const;

/** The types of checks, by their names in documents. */
export const CHECK_TYPES: Readonly<Record<keyof typeof TYPE_FIELDS, CheckType>> = {
  tcp: type('tcp', 'Connected, and every step matched.'),
  tls: type('tls', 'The handshake is done.'),
  http: type('http', 'Status and body match.'),
  https: type('https', 'Status and body match, over TLS.'),
  dns: type('dns', 'The reply has the response code, and enough answers.'),
  udp: type('udp', 'No ICMP refusal within the timeout; a matching reply if one is expected.'),
  ping: type('ping', 'An echo reply arrived.', false),
  script: type(
    'script',
    'Exit status 0, with `up 75%` for a share of the weight; 1 fails, anything else is no verdict.',
    false,
  ),
  file: type('file', 'Its first word is up; down fails, and a missing file is no verdict.', false),
  agent: type(
    'agent',
    'The server sends a line as for the agent-check of HAProxy: up, down, drain or a share; above 100% counts as 100%.',
  ),
};

function type(name: keyof typeof TYPE_FIELDS, about: string, needsPort = true): CheckType {
  return { about, fields: TYPE_FIELDS[name], needsPort };
}
