import { expect } from 'chai';
import {
  type DesiredState,
  DocumentError,
  type DocumentProblem,
  readDocument,
  stateProblems,
} from '@ipvs-ts/ipvs';

const WEB = 'services["tcp:192.0.2.1:80"]';

async function problems(text: string, file?: string): Promise<readonly DocumentProblem[]> {
  try {
    await readDocument(text, { file });
  } catch (error) {
    if (DocumentError.is(error, 'ERR_IPVS_DOCUMENT')) return error.problems;
    throw error;
  }
  return [];
}

async function places(text: string, file?: string): Promise<string[]> {
  return (await problems(text, file)).map(({ line, column, path }) => `${line}:${column} ${path}`);
}

describe('documents', () => {
  const state: DesiredState = {
    services: {
      'tcp:192.0.2.1:80': {
        scheduler: 'wrr',
        destinations: { '10.0.0.1:80': { forwarding: 'masq', weight: 2 } },
      },
      'udp:[2001:db8::1]:53': { onePacket: true, destinations: {} },
      'fwmark:7': { persistence: { timeout: 300, netmask: '255.255.255.0', engine: 'sip' } },
    },
    timeouts: { tcp: 900 },
    daemons: { master: { interface: 'eth0', syncId: 1 } },
  };

  const yaml = `# comment
services:
  tcp:192.0.2.1:80:
    scheduler: wrr
    destinations:
      10.0.0.1:80: { forwarding: masq, weight: 2 }
  "udp:[2001:db8::1]:53": { onePacket: true, destinations: {} }
  fwmark:7: { persistence: { timeout: 0x12c, netmask: 255.255.255.0, engine: 'sip' } }
timeouts: { tcp: 900 }
daemons:
  master:
    interface: eth0
    syncId: 1
`;

  it('are read from YAML and from JSON, with a byte order mark and any line endings', async () => {
    for (const text of [yaml, `\ufeff${yaml}`, yaml.replaceAll('\n', '\r\n'), `---\n${yaml}...\n`])
      expect(await readDocument(text)).to.deep.equal(state);
    const json = JSON.stringify(state, undefined, 2);
    for (const text of [json, `\ufeff${json}`, JSON.stringify(state), `\n${json}`]) {
      expect(await readDocument(text, { file: 'a.json' })).to.deep.equal(state);
      expect(await readDocument(text)).to.deep.equal(state);
      expect(await readDocument(text, { format: 'yaml' })).to.deep.equal(state);
    }
    expect(await readDocument(`{ "$schema": "x", ${json.slice(1)}`)).to.deep.equal(state);
    expect(await readDocument('{services: {}}')).to.deep.equal({ services: {} });
  });

  it('may repeat what is marked, as YAML does', async () => {
    const text = 'services:\n  fwmark:1: &a { destinations: { 10.0.0.1:0: {} } }\n  fwmark:2: *a\n';
    const both = { destinations: { '10.0.0.1:0': {} } };
    expect(await readDocument(text)).to.deep.equal({ services: { 'fwmark:1': both, 'fwmark:2': both } });
  });

  it('report all mistakes at once, in order, each with its place and what is allowed', async () => {
    const text = `services:
  tcp:192.0.2.1:80:
    schedular: rr
    destinations:
      10.0.0.1:80: { weight: -1, forwarding: masq }
      10.0.0.1:080: { weight: 1.5 }
      10.0.0.1: {}
      "[2001:db8::1]:80": {}
  tcp:192.0.2.1:0:
    onePacket: yes
    flags: [ sh-prot ]
timeouts:
  tcp: 99999999999999999999
daemons:
  master: { syncId: 256 }
tiemouts: {}
`;
    expect(await places(text)).to.deep.equal([
      `3:5 ${WEB}.schedular`,
      `5:30 ${WEB}.destinations["10.0.0.1:80"].weight`,
      `6:7 ${WEB}.destinations["10.0.0.1:080"]`,
      `6:31 ${WEB}.destinations["10.0.0.1:080"].weight`,
      `7:7 ${WEB}.destinations["10.0.0.1"]`,
      `8:7 ${WEB}.destinations["[2001:db8::1]:80"].forwarding`,
      '9:3 services["tcp:192.0.2.1:0"]',
      '10:16 services["tcp:192.0.2.1:0"].onePacket',
      '11:14 services["tcp:192.0.2.1:0"].flags[0]',
      '13:8 timeouts.tcp',
      '15:3 daemons.master.interface',
      '15:21 daemons.master.syncId',
      '16:1 tiemouts',
    ]);
    const found = await problems(text);
    expect(found[0]?.message).to.include('did you mean scheduler?');
    expect(found[0]?.allowed).to.equal(
      'one of scheduler, flags, onePacket, persistence, destinations, preserve',
    );
    expect(found[1]?.allowed).to.equal('an integer from 0 to 2147483647');
    expect(found[12]?.message).to.include('did you mean timeouts?');
    for (const each of found) expect(each.allowed, each.path).not.to.equal('');
  });

  it('are named in the message as compilers name files', async () => {
    const error: unknown = await readDocument('services: []', { file: 'lb/web.yaml' }).catch(
      (each: unknown) => each,
    );
    expect((error as DocumentError).message).to.equal(
      'cannot read the document lb/web.yaml: it has a mistake:\n' +
        '  lb/web.yaml:1:11: services must be an object, not []',
    );
  });

  for (const [text, expected] of Object.entries({
    '{"services":{},"services":{}}': ['1:16 services'],
    '{"services":{"fwmark:1":{"scheduler":"rr","scheduler":"a b"}}}': [
      '1:43 services["fwmark:1"].scheduler',
      '1:55 services["fwmark:1"].scheduler',
    ],
    '{"services":{"tcp:[2001:DB8::1]:80":{},\n "tcp:[2001:db8:0::1]:80":{}}}': [
      '2:2 services["tcp:[2001:db8:0::1]:80"]',
    ],
    'services:\n  fwmark:1: {}\n  fwmark:01: {}': ['3:3 services["fwmark:01"]'],
    'services: {}\nservices: {}': ['2:1 services'],
    'services:\n  fwmark:1: { weight: 1 }\n  fwmark:1: { wight: 2 }': [
      '2:15 services["fwmark:1"].weight',
      '3:3 services["fwmark:1"]',
      '3:15 services["fwmark:1"].wight',
    ],
    'services: { __proto__: {} }': ['1:13 services.__proto__'],
    'services: { fwmark:1: { constructor: 1 } }': ['1:25 services["fwmark:1"].constructor'],
    'services: { fwmark:0: {} }': ['1:13 services["fwmark:0"]'],
    'services: { fwmark:1: }': ['1:13 services["fwmark:1"]'],
  }))
    it(`may name nothing twice, and nothing that is none: ${text}`, async () => {
      expect(await places(text)).to.deep.equal(expected);
    });

  for (const [text, place, words] of [
    ['', '1:1', 'is empty'],
    ['\ufeff', '1:1', 'is empty'],
    ['# only a comment\n', '1:1', 'is empty'],
    ['---\n', '1:4', 'not null'],
    ['null', '1:1', 'not null'],
    ['- a\n- b', '1:1', 'must be an object'],
    ['services: {}\n---\nservices: {}', '3:1', 'a second document'],
    ['%YAML 1.1\n---\nservices: {}', '1:1', 'YAML 1.2'],
    ['services: !!map {}', '1:17', 'tag'],
    ['services: !mine {}', '1:17', 'tag'],
    ['services: { fwmark:1: { scheduler: !!str rr } }', '1:42', 'tag'],
    ['a: &a {}\nservices: { <<: *a }', '1:1', 'a is not a known field'],
    ['services: { <<: *a }', '1:13', 'merge keys'],
    ['services: *nothing', '1:11', 'the alias *nothing'],
    ['services: &a { fwmark:1: *a }', '1:26', 'the alias *a'],
    ['services: { fwmark:1: { persistence: { timeout: 010 } } }', '1:49', 'octal'],
    ['services: { fwmark:1: { onePacket: on } }', '1:36', 'true or false'],
    ['services: { fwmark:1: { persistence: { timeout: 1:30 } } }', '1:49', 'an integer'],
    ['services: { fwmark:1: { persistence: { timeout: .inf } } }', '1:49', 'an integer'],
    ['services: { fwmark:1: { persistence: { timeout: "5" } } }', '1:49', 'an integer'],
    ['services:\n\tfwmark:1: {}', '2:1', 'Tabs'],
    ['services: {', '1:12', ''],
    ['services: {}\n  more: 1', '2:1', ''],
    ['? { a: b }\n: 1', '1:3', 'keys must be strings'],
    [`a: ${'['.repeat(20_000)}`, '1:66', 'too deep'],
    [`${'- '.repeat(20_000)}1`, '1:127', 'too deep'],
  ] as const)
    it(`must be YAML: ${JSON.stringify(text.slice(0, 60))}`, async () => {
      const found = await problems(text);
      expect(found.length).to.be.above(0);
      const first = found[0] as DocumentProblem;
      expect(`${first.line}:${first.column}`, first.message).to.equal(place);
      expect(first.message).to.include(words);
    });

  for (const [text, place, allowed] of [
    ['', '1:1', 'a value'],
    ['{"services":{},}', '1:16', 'a name in double quotes'],
    ['{services:{}}', '1:2', 'a name in double quotes'],
    ["{'services':{}}", '1:2', 'a name in double quotes'],
    ['{"services":{}}\n{}', '2:1', 'the end of the text'],
    ['// comment\n{}', '1:1', 'a value'],
    ['{"services" {}}', '1:13', 'a colon'],
    ['{"services":{}', '1:15', 'a comma or }'],
    ['{"a":[1 2]}', '1:9', 'a comma or ]'],
    ['{"a":01}', '1:7', 'a comma or }'],
    ['{"a":tru}', '1:6', 'a value'],
    ['{"a":NaN}', '1:6', 'a value'],
    ['{"a":"b\nc"}', '1:8', 'text in double quotes'],
    ['{"a":"\\x41"}', '1:7', 'text in double quotes'],
    ['{"a', '1:4', 'text in double quotes'],
    [`{"a":${'['.repeat(20_000)}`, '1:70', 'at most 64'],
  ] as const)
    it(`must be strict JSON: ${JSON.stringify(text.slice(0, 60))}`, async () => {
      const found = await problems(text, 'x.json');
      expect(found.map(({ line, column }) => `${line}:${column}`)).to.deep.equal([place]);
      expect(found[0]?.allowed).to.include(allowed);
    });

  it('do not grow without limit by aliases of aliases', async () => {
    const lines = ['a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]'];
    for (let level = 1; level < 12; level++)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    expect((await problems(lines.join('\n')))[0]?.message).to.include('more than');
    const chain = ['a0: &a0 []'];
    for (let level = 1; level < 20_000; level++) chain.push(`a${level}: &a${level} [*a${level - 1}]`);
    expect((await problems(chain.join('\n')))[0]?.message).to.include('inside one another');
  });

  it('are read with valid options only', async () => {
    const mistaken: [text: unknown, options: object][] = [
      [5, {}],
      ['', { format: 'xml' }],
      ['', { file: 3 }],
      ['', { name: 'a' }],
    ];
    for (const [text, options] of mistaken) {
      const error: unknown = await readDocument(text as string, options).catch((each: unknown) => each);
      expect((error as { code: string }).code).to.equal('ERR_IPVS_ARGUMENT');
    }
  });

  it('can be checked as objects, without a text and without a kernel', () => {
    expect(stateProblems(state)).to.deep.equal([]);
    const found = stateProblems({ services: { 'fwmark:0': {} } });
    expect(found.map(({ path, line }) => [path, line])).to.deep.equal([['services["fwmark:0"]', undefined]]);
  });
});
