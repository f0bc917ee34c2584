import { CHECKER, CONNECTION, NETWORK, TIMING } from './timing-words.js';
import { block, differs, dropped, taken, type Words } from './word.js';

const HTTP_GET: Words = {
  ...NETWORK,
  url: block('taken over', 'a check of its own'),
  virtualhost: taken('host of the check'),
  http_protocol: taken('nothing: the agent speaks HTTP/1.1 with Connection: close'),
  fast_recovery: { ...taken('nothing: every URL is a check of its own, and they run at once'), values: 0 },
  nb_get_retry: taken('fall of the check: one more than this. The old name of retry'),
};

/** Words of each checker. */
export const CHECKERS: Readonly<Record<string, Words>> = {
  TCP_CHECK: NETWORK,
  HTTP_GET,
  SSL_GET: { ...HTTP_GET, enable_sni: taken('SNI, which is host', 0) },
  SMTP_CHECK: {
    ...NETWORK,
    helo_name: taken('the HELO step of the check'),
    host: block('taken over', 'a check of its own'),
  },
  DNS_CHECK: { ...NETWORK, type: taken('type'), name: taken('name') },
  MISC_CHECK: {
    ...CHECKER,
    connect_timeout: dropped('keepalived does not know it here; misc_timeout is meant', 1),
    misc_path: taken('command of a script check'),
    misc_timeout: taken('timeout'),
    misc_dynamic: differs('the exit status becomes a share of the weight, in whole percents', 0),
    user: dropped('scripts run as the user of the agent', 1),
  },
  BFD_CHECK: { name: dropped('the agent has no BFD; use a ping check', 1), ...without(TIMING) },
  PING_CHECK: NETWORK,
  UDP_CHECK: {
    ...NETWORK,
    payload: taken('send'),
    require_reply: taken('expect', 0),
    min_reply_length: taken('expect'),
    max_reply_length: taken('expect'),
  },
  FILE_CHECK: {
    track_file: dropped('a file check of the agent reads up or down from a file for each destination', 1),
    dynamic: dropped('a file check of the agent has no weights'),
    weight: dropped('a file check of the agent has no weights', 1),
  },
};

/** The result for each checker as a whole. */
export const CHECKER_BLOCKS: Words = {
  TCP_CHECK: block('taken over', 'a tcp check'),
  HTTP_GET: block('taken over', 'an http check for each URL'),
  SSL_GET: block('taken over', 'an https check for each URL'),
  SMTP_CHECK: block('taken over', 'a tcp check with the steps of SMTP'),
  DNS_CHECK: block('taken over', 'a dns check'),
  MISC_CHECK: block('taken over', 'a script check'),
  BFD_CHECK: block('dropped', 'the agent has no BFD; use a ping check'),
  PING_CHECK: block('taken over', 'a ping check'),
  UDP_CHECK: block('taken over', 'a udp check'),
  FILE_CHECK: block(
    'dropped',
    'a file check of the agent reads up or down from a file for each destination: check: { file: { path: /run/checks/{address} } }',
  ),
};

/** Words of `host` in `SMTP_CHECK`. */
export const SMTP_HOST: Words = CONNECTION;

/** Words of `url`. */
export const URL: Words = {
  path: taken('path'),
  digest: taken('digest: the MD5 sum of the body'),
  status_code: taken('status'),
  virtualhost: taken('host of the check'),
  regex: taken('body, in the language of JavaScript'),
  regex_no_match: taken('body that must not match', 0),
  regex_options: dropped('patterns have no options; write them into the pattern', 1),
  regex_stack: { ...taken('nothing: patterns need no stack'), values: 0 },
  regex_min_offset: dropped('the first 64 KiB of the body are searched, from its beginning', 1),
  regex_max_offset: dropped('the first 64 KiB of the body are searched', 1),
};

function without(words: Words): Words {
  return Object.fromEntries(Object.keys(words).map((name) => [name, dropped('the agent has no BFD', 0)]));
}
