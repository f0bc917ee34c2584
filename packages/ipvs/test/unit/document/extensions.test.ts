import { expect } from 'chai';
import {
  type DesiredState,
  DocumentError,
  type DocumentExtensions,
  IpvsSync,
  readDocument,
  stateProblems,
} from '@ipvs-ts/ipvs';
import { doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';

const EXTENSIONS: DocumentExtensions = {
  document: {
    checks: (value, report) => {
      for (const [name, check] of Object.entries(value as Record<string, { interval?: unknown }>))
        if (typeof check.interval !== 'number') report([name, 'interval'], 'a number of seconds');
    },
    agent: 'any',
  },
  service: { check: 'any' },
  destination: {
    check: (value, report) => {
      if (typeof value !== 'string') report([], 'a name from checks', 'is no name');
    },
  },
};

async function problems(text: string, extensions?: DocumentExtensions): Promise<string[]> {
  try {
    await readDocument(text, { extensions });
    return [];
  } catch (error) {
    if (!DocumentError.is(error)) throw error;
    return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
}

describe('fields that another program adds to documents', () => {
  const text = `services:
  fwmark:1:
    check: web
    destinations: { 10.0.0.1:80: { check: fast } }
checks: { web: { interval: 5 } }
agent: { id: lb1 }
`;

  it('are read and kept, where they are named', async () => {
    expect(await readDocument(text, { extensions: EXTENSIONS })).to.deep.equal({
      services: { 'fwmark:1': { check: 'web', destinations: { '10.0.0.1:80': { check: 'fast' } } } },
      checks: { web: { interval: 5 } },
      agent: { id: 'lb1' },
    });
  });

  it('are mistakes for those who do not know them', async () => {
    expect((await problems(text)).map((each) => each.split(' ')[0])).to.deep.equal([
      '3:5',
      '4:36',
      '5:1',
      '6:1',
    ]);
  });

  it('are among the names that a typing error may have meant', async () => {
    const found = await problems('services: { fwmark:1: { chekc: web } }\nchecsk: {}', EXTENSIONS);
    expect(found).to.have.length(2);
    expect(found[0]).to.include('did you mean check?');
    expect(found[0]).to.include(
      'has scheduler, flags, onePacket, persistence, destinations, preserve, check',
    );
    expect(found[1]).to.include('did you mean checks?');
  });

  it('are checked by their owner, whose mistakes have places as all others', async () => {
    const mistaken = text.replace('interval: 5', 'interval: soon').replace('check: fast', 'check: 7');
    expect(await problems(mistaken, EXTENSIONS)).to.deep.equal([
      '4:43 services["fwmark:1"].destinations["10.0.0.1:80"].check is no name',
      '5:28 checks.web.interval must be a number of seconds',
    ]);
  });

  it('are checked in objects too', () => {
    const state = { services: { 'fwmark:1': { check: 'web' } }, checks: { web: {} } } as DesiredState;
    expect(stateProblems(state).map(({ path }) => path)).to.deep.equal([
      'checks',
      'services["fwmark:1"].check',
    ]);
    expect(stateProblems(state, { extensions: EXTENSIONS }).map(({ path }) => path)).to.deep.equal([
      'checks.web.interval',
    ]);
  });

  it('are ignored by plans', async () => {
    using ipvs = IpvsSync.open({ transport: doubleTransportSync(new IpvsKernel({ module: 'loaded' })) });
    const plan = ipvs.plan(await readDocument(text, { extensions: EXTENSIONS }));
    expect(String(plan)).to.equal(
      'add service fwmark:1: scheduler wlc\n' +
        'add destination 10.0.0.1:80 of service fwmark:1: forwarding route, weight 1',
    );
  });

  it('are named by valid extensions only', async () => {
    for (const extensions of [null, { services: {} }, { service: 5 }, { service: { check: 5 } }]) {
      const error: unknown = await readDocument('services: {}', {
        extensions: extensions as unknown as DocumentExtensions,
      }).catch((each: unknown) => each);
      expect((error as { code?: string }).code, JSON.stringify(extensions)).to.equal('ERR_IPVS_ARGUMENT');
    }
  });
});
