import { expect } from 'chai';
import { CHECK_TYPES, readDeclared } from '@ipvs-ts/agent';

const WEB = 'tcp:192.0.2.10:443';

function read(document: unknown): ReturnType<typeof readDeclared> {
  return readDeclared(document, 'one', CHECK_TYPES);
}

function problems(document: unknown): string[] {
  return read(document).problems.map(({ message }) => message);
}

/** A document with one service. */
function service(change: object, rest: object = {}): object {
  return { services: { [WEB]: { destinations: { '10.0.0.1:443': {} }, ...change } }, ...rest };
}

/** A store of a fleet. */
const STORE = { etcd: { endpoints: ['http://10.0.0.1:2379'], prefix: '/ipvs-ts/edge/' } };

describe('a document of the agent', () => {
  it('fills in the defaults of checks, health and the agent', () => {
    const { declared } = read(service({ check: 'web' }, { checks: { web: { https: {}, interval: '10s' } } }));
    const [destination] = declared?.services.get(WEB)?.destinations ?? [];
    expect(destination?.options.weight).to.equal(1);
    expect(destination?.checks).to.deep.equal([
      {
        name: 'web',
        type: 'https',
        settings: { path: '/', method: 'GET', status: [[200, 299]], verify: false },
        interval: 10_000,
        failingInterval: 1000,
        downInterval: 10_000,
        timeout: 2000,
        fall: 3,
        rise: 2,
      },
    ]);
    expect(declared?.services.get(WEB)?.health).to.deep.equal({
      whenAllDown: 'keep',
      floor: 0,
      drainTimeout: 600_000,
      slowStart: 0,
      sorry: {},
    });
    expect(declared?.agent.limits).to.deep.equal({ maxRemoval: 0.3, inFlight: 4000, startsPerSecond: 4000 });
    expect(declared?.agent.drift).to.deep.equal({
      weightZero: 'respect',
      edited: 'restore',
      missing: 'restore',
      foreign: 'report',
    });
  });

  it('accepts text to send as bytes, NUL included, and refuses characters that are not bytes', () => {
    const check = (send: string): object[] => [
      { udp: { send } },
      { agent: { send } },
      { tcp: { steps: [{ send }] } },
    ];
    for (const each of check('\x00\xff\r\n')) expect(problems(service({ check: each }))).to.deep.equal([]);
    for (const each of check('€'))
      expect(problems(service({ check: each }))[0]).to.match(/U\+0000 to U\+00FF/);
  });

  it('orders destinations as every director does: by address as a number, then by port', () => {
    const names = ['10.0.0.10:443', '10.0.0.9:8443', '10.0.0.9:443'];
    const destinations = Object.fromEntries(names.map((name) => [name, {}]));
    const { declared } = read(service({ destinations }));
    expect(declared?.services.get(WEB)?.destinations?.map(({ name }) => name)).to.deep.equal([
      '10.0.0.9:443',
      '10.0.0.9:8443',
      '10.0.0.10:443',
    ]);
  });

  it('uses the defaults of services and destinations that do not say otherwise', () => {
    const defaults = {
      service: { scheduler: 'mh', check: { tcp: {} }, health: { floor: '40%' } },
      destination: { forwarding: 'masq', weight: 100 },
    };
    const { declared } = read({
      defaults,
      services: { [WEB]: { check: 'none', destinations: { '10.0.0.1:443': { weight: 5 } } } },
    });
    const web = declared?.services.get(WEB);
    expect(web?.options.scheduler).to.equal('mh');
    expect(web?.health.floor).to.equal(0.4);
    expect(web?.destinations?.[0]).to.deep.include({
      options: { forwarding: 'masq', weight: 5 },
      checks: [],
    });
  });

  it("uses the check of the destination instead of the service's", () => {
    const { declared } = read(
      service({
        check: { tcp: {} },
        destinations: { '10.0.0.1:443': { check: [{ ping: {} }, { tls: {} }] } },
      }),
    );
    const [destination] = declared?.services.get(WEB)?.destinations ?? [];
    expect(destination?.checks.map(({ type }) => type)).to.deep.equal(['ping', 'tls']);
  });

  it('refuses one address for two listeners', () => {
    const listen = (page: string): string[] =>
      problems({ services: {}, agent: { listen: { metrics: '127.0.0.1:9107', page } } });
    expect(listen('127.0.0.1:8107')).to.deep.equal([]);
    expect(listen('127.0.0.1:9107')).to.deep.equal([
      'agent.listen.page is 127.0.0.1:9107, where metrics are served already; name another port',
    ]);
  });

  it('accepts only addresses with ports for its listeners', () => {
    const metrics = (text: string): readonly string[] =>
      problems({ services: {}, agent: { listen: { metrics: text } } });
    for (const text of [
      '127.0.0.1:9107',
      '0.0.0.0:0',
      '255.255.255.255:65535',
      '[::1]:9107',
      '[::ffff:10.0.0.1]:80',
    ])
      expect(metrics(text), text).to.deep.equal([]);
    for (const text of [
      '127.0.0.1:65536',
      '127.0.0.1:99999',
      '256.0.0.1:80',
      '1.2.3:80',
      'localhost:80',
      '::1:80',
      '',
    ])
      expect(metrics(text).join(), text).to.match(/agent\.listen\.metrics must be an address and a port/);
  });

  it('finds every mistake, with its place and the allowed values', () => {
    expect(
      problems({
        services: {
          [WEB]: {
            schedular: 'rr',
            check: 'wed',
            health: { floor: 40, whenAlldown: 'keep' },
            destinations: { '10.0.0.1:443': { weight: -1, check: { tcp: {}, http: {} } } },
          },
        },
        checks: { web: { http: { path: 'healthz', status: '2xx' }, interval: 5, fall: 0 } },
        agent: { id: 'a b', drift: { edited: 'revert' }, limits: { maxRemoval: '130%' } },
      }).map((message) => message.split(/; it must|, not|;/)[0]),
    ).to.have.members([
      'checks.web.http.path must be a path that begins with /',
      'checks.web.http.status must be a status or a range from 100 to 599, such as 200-299, or a list of them',
      'checks.web.interval must be a duration from 100ms to 24d, such as 5s or 1m30s',
      'checks.web.fall must be an integer from 1 to 100',
      `services["${WEB}"].schedular is not a known field`,
      `services["${WEB}"].destinations["10.0.0.1:443"].weight must be an integer from 0 to 2147483647`,
      'agent.id must be 1 to 64 letters, digits, dots, hyphens and underscores',
      'agent.drift.edited must be one of restore, report',
      'agent.limits.maxRemoval must be a whole percentage from 0% to 100%',
      `services["${WEB}"].health.whenAlldown is not known`,
      `services["${WEB}"].health.floor must be a whole percentage from 0% to 100%`,
      `services["${WEB}"].check names "wed", which is not in checks`,
      `services["${WEB}"].destinations["10.0.0.1:443"].check has tcp and http`,
    ]);
  });

  for (const [title, document, expected] of [
    [
      'a slow start with a hash scheduler',
      service({ scheduler: 'mh', health: { slowStart: '10s' } }),
      /follows weights one by one/,
    ],
    [
      'sorry destinations without the rule',
      service({ health: { sorry: { '10.0.9.9:443': {} } } }),
      /whenAllDown: sorry only/,
    ],
    [
      'the rule without sorry destinations',
      service({ health: { whenAllDown: 'sorry' } }),
      /needs destinations/,
    ],
    [
      'a sorry destination that is declared already',
      service({ health: { whenAllDown: 'sorry', sorry: { '10.0.0.1:443': {} } } }),
      /already/,
    ],
    [
      'a sorry destination of another family',
      service({ health: { whenAllDown: 'sorry', sorry: { 'localhost:443': {} } } }),
      /sorry/,
    ],
    ['what is not supported yet', service({ health: { whenAllDown: 'withdraw' } }), /not supported yet/],
    ['a check through IPVS', service({ check: { tcp: {}, via: 'ipvs' } }), /via is not supported yet/],
    ['a store beside services', service({}, { agent: { source: STORE } }), /services comes from the store/],
    ['a store without endpoints', { agent: { source: { etcd: { prefix: '/a/' } } } }, /endpoints is missing/],
    ['a store of another kind', { agent: { source: { consul: {} } } }, /consul is not known; .* has etcd/],
    [
      'an endpoint with a path',
      { agent: { source: { etcd: { ...STORE.etcd, endpoints: ['http://10.0.0.1:2379/v3'] } } } },
      /endpoints\[0\] must be a URL without a path/,
    ],
    [
      'a user without a password',
      { agent: { source: { etcd: { ...STORE.etcd, user: 'a' } } } },
      /passwordFile is missing: user needs it/,
    ],
    [
      'certificates without TLS',
      { agent: { source: { etcd: { ...STORE.etcd, ca: '/a' } } } },
      /ca needs endpoints of https/,
    ],
    ['groups', service({}, { groups: {} }), /^groups is not supported yet/],
    [
      'port 0 without a port to check',
      {
        services: {
          'fwmark:7': { check: { tcp: {} }, destinations: { '10.0.0.1:0': {} } },
        },
      },
      /needs a port/,
    ],
    [
      'defaults with mistakes that no service uses',
      { services: {}, defaults: { destination: { wait: 1 } } },
      /defaults.destination.wait/,
    ],
    ['a document that is no object', [], /document must be an object/],
  ] as const)
    it(`refuses ${title}`, () => {
      expect(problems(document).join('\n')).to.match(expected);
    });
});
