/** Random configurations of keepalived and ldirectord: known words with right and wrong values, in right and wrong places. */
import fc from 'fast-check';
import { GLOBAL_KEYS, VIRTUAL_KEYS } from '../../../dist/import/ldirectord/keys.js';
import {
  CHECKER_BLOCKS,
  CHECKERS,
  SMTP_HOST,
  URL,
} from '../../../dist/import/keepalived/words/checker-words.js';
import { GLOBAL, ROOT, SSL } from '../../../dist/import/keepalived/words/root-words.js';
import { REAL_SERVER, VIRTUAL_SERVER } from '../../../dist/import/keepalived/words/server-words.js';
import type { Words } from '../../../dist/import/keepalived/words/word.js';

/** Values that some word accepts, and values that none accepts. */
const VALUE = fc.oneof(
  fc.constantFrom('192.0.2.1', '10.0.0.11', '2001:db8::1', '10.0.0.1-20', '192.0.2.0/30', 'fwmark', 'group'),
  fc.constantFrom(
    '80',
    '443',
    '0',
    '1',
    '7',
    '65535',
    '65536',
    '4294967296',
    '-1',
    '0.5',
    '007',
    '80x',
    '1e3',
  ),
  fc.constantFrom(
    'rr',
    'wrr',
    'sh',
    'mh',
    'NAT',
    'DR',
    'TUN',
    'nat',
    'TCP',
    'udp',
    'SCTP',
    'inet6',
    'yes',
    'off',
  ),
  fc.constantFrom(
    '/path',
    '"quoted words"',
    "'single'",
    '"open',
    '$NAME',
    '${NAME}',
    '@lb1',
    '~SEQ(I,1,2)',
    '!',
    '#x',
  ),
  fc.constantFrom(
    '200-299',
    '999',
    '0a1b',
    '4e5dc3caa06fa07c79bc3ba5e62ff86b',
    'www.example.org',
    'ü',
    '(',
    '[a',
  ),
  fc.string({ maxLength: 6, unit: 'grapheme' }).map((text) => text.replace(/[\s{}\0\ufffd]/g, '')),
);

/** What may stand in the block of a word. */
function inside(name: string): Words {
  if (name === 'virtual_server') return VIRTUAL_SERVER;
  if (name === 'real_server') return { ...REAL_SERVER, ...CHECKER_BLOCKS };
  if (name === 'url') return URL;
  if (name === 'host') return SMTP_HOST;
  if (name === 'global_defs') return GLOBAL;
  if (name === 'SSL') return SSL;
  return CHECKERS[name] ?? REAL_SERVER;
}

const ANYWHERE = Object.keys({ ...ROOT, ...VIRTUAL_SERVER, ...REAL_SERVER, ...CHECKER_BLOCKS, ...URL });

function statement(words: Words, depth: number): fc.Arbitrary<string> {
  const word = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...Object.keys(words)) },
    { weight: 1, arbitrary: fc.constantFrom(...ANYWHERE) },
    { weight: 1, arbitrary: VALUE },
  );
  return fc.tuple(word, fc.array(VALUE, { maxLength: 3 }), BLANK).chain(([name, values, blank]) => {
    const head = [name, ...values].join(blank);
    const isBlock = Object.hasOwn(words, name) && words[name]?.block === true;
    if (depth === 0 || !isBlock) return fc.constant(`${head}\n`);
    return fc
      .tuple(fc.array(statement(inside(name), depth - 1), { maxLength: 6 }), BRACE)
      .map(([children, brace]) => `${head}${brace}${children.join('')}}\n`);
  });
}

const BLANK = fc.constantFrom(' ', '\t', '   ');
const BRACE = fc.constantFrom(' {\n', '\n{\n', ' { ', '{\n');

/** Servers that keepalived would take, with random words around them. */
const SERVER = fc
  .tuple(
    fc.array(statement(VIRTUAL_SERVER, 2), { maxLength: 5 }),
    fc.array(statement(inside('real_server'), 2), { maxLength: 5 }),
    fc.integer({ min: 1, max: 4 }),
  )
  .map(
    ([virtual, real, last]) =>
      `virtual_server 192.0.2.${last} 80 {\n${virtual.join('')}real_server 10.0.0.${last} 80 {\n${real.join('')}}\n}\n`,
  );

/** A file of keepalived whose braces match, unless a value is an open quote. */
export const KEEPALIVED: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: SERVER }, { weight: 2, arbitrary: statement(ROOT, 3) }), {
    maxLength: 5,
  })
  .map((statements) => statements.join(''));

const LDIRECTORD_VALUE = fc.oneof(
  VALUE,
  fc.constantFrom('"a"', '"a", "b"', '10.0.0.11:80 masq 3', '10.0.0.11->10.0.0.13:80 gate', '10.0.0.12 ipip'),
  fc.constantFrom(
    'connect',
    'negotiate',
    'external',
    'ping',
    'on',
    'http',
    'https',
    'dns',
    'mysql',
    'sip',
    'none',
  ),
  fc.constantFrom(
    '[2001:db8::1]:80',
    '[2001:db8::11]:80 gate 7',
    '192.0.2.1:80',
    'tcp',
    'fwm',
    'sh-port',
    '"ü€"',
  ),
);

const LINE = fc
  .tuple(
    fc.constantFrom('', '    ', '\t', '  ', '        '),
    fc.oneof(
      fc.constantFrom(...Object.keys(VIRTUAL_KEYS)),
      fc.constantFrom(...Object.keys(GLOBAL_KEYS)),
      fc.constantFrom('virtual', 'virtual6', 'nothing'),
    ),
    fc.constantFrom('=', ' = ', ' ', ' =\t'),
    LDIRECTORD_VALUE,
    fc.constantFrom('', ' # comment', ' '),
  )
  .map((parts) => `${parts.join('')}\n`);

const SECTION = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('connect', 'negotiate', 'external', 'ping', 'off', 'on', '3'),
    fc.constantFrom(
      'http',
      'https',
      'dns',
      'smtp',
      'ftp',
      'simpletcp',
      'sip',
      'mysql',
      'ldap',
      'radius',
      'imaps',
    ),
    fc.array(LINE, { maxLength: 8 }),
  )
  .map(
    ([last, type, service, lines]) =>
      `virtual=192.0.2.${last}:80\n    real=10.0.0.${last}:80 masq\n    checktype=${type}\n    service=${service}\n` +
      lines.map((line) => `    ${line.trimStart()}`).join(''),
  );

/** A file of ldirectord. */
export const LDIRECTORD: fc.Arbitrary<string> = fc
  .array(fc.oneof(SECTION, LINE), { maxLength: 6 })
  .map((parts) => parts.join(''));

/** A text with some of its parts removed, repeated, replaced, or moved. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 40 }),
    put: fc.oneof(
      fc.constantFrom(
        '',
        '{',
        '}',
        '"',
        "'",
        '\\',
        '\n',
        '\r\n',
        '\t',
        '#',
        '!',
        '$',
        '${',
        '@',
        '~SEQ(',
        '=',
        '->',
      ),
      fc.string({ maxLength: 5, unit: 'binary' }),
      VALUE,
    ),
    again: fc.boolean(),
  });
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([text, changes]) =>
      changes.reduce((now, { at, length, put, again }) => {
        const from = at % (now.length + 1);
        const part = now.slice(from, from + length);
        return now.slice(0, from) + put + (again ? part + part : '') + now.slice(from + length);
      }, text),
    );
}
