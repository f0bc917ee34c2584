import { expect } from 'chai';
import { CHECK_TYPES, readDeclaredText } from '@ipvs-ts/agent';

const read = (text: string): ReturnType<typeof readDeclaredText> =>
  readDeclaredText(text, 'director.yaml', 'one', CHECK_TYPES);

/** Line, column, and the name that may be meant, of every mistake. */
async function mistakes(text: string): Promise<unknown[]> {
  const { problems } = await read(text);
  return problems.map(({ line, column, message }) => [line, column, /did you mean (\w+)/.exec(message)?.[1]]);
}

describe('the text of a document', () => {
  it('is read as YAML with the fields of the agent', async () => {
    const { declared } = await read(`
services:
  udp:192.0.2.53:53:
    check: { dns: { name: example.org, type: SOA } }
    health: { whenAllDown: sorry, sorry: { 10.0.9.9:53: {} } }
    destinations: { 10.0.0.21:53: {}, 10.0.0.22:53: {} }
agent: { id: lb1 }
`);
    expect([...(declared?.services.keys() ?? [])]).to.deep.equal(['udp:192.0.2.53:53']);
    expect(declared?.agent.id).to.equal('lb1');
  });

  it('has mistyped field names reported with line and column', async () => {
    expect(
      await mistakes(`services:
  tcp:192.0.2.10:80:
    helth: {}
    destinations: { 10.0.0.1:80: { wieght: 3, chek: none } }
`),
    ).to.deep.equal([
      [3, 5, 'health'],
      [4, 36, 'weight'],
      [4, 47, 'check'],
    ]);
  });

  it("has mistakes inside the agent's fields reported with line and column", async () => {
    expect(
      await mistakes(`checks:
  web: { http: {}, intervall: 5s }
services:
  tcp:192.0.2.10:80:
    check: wed
    health: { flor: 40% }
    destinations: { 10.0.0.1:80: { check: { tcp: {}, fall: 0 } } }
  tcp:192.0.2.11:80:
    check: [web, { htp: {} }]
agent: { drift: { editd: restore } }
`),
    ).to.deep.equal(
      [
        [2, 31, 'interval'],
        [5, 12, 'web'],
        [6, 21, 'floor'],
        [7, 60, undefined],
        [9, 20, 'http'],
        [9, 18, undefined],
        [10, 26, 'edited'],
      ].sort((one, other) => Number(one[0]) - Number(other[0]) || Number(one[1]) - Number(other[1])),
    );
  });

  it('has each mistake reported at its own service, in JSON and YAML, however many are right before', async () => {
    const right = { check: { tcp: {} }, destinations: { '10.0.0.1:80': { check: 'none' } } };
    const wrong = [
      { check: 'none', health: { floor: 'x' } },
      { check: { http: { status: 'x' } } },
      { check: 'webb' },
      { ...right, destinations: { '10.0.0.2:80': { check: { htp: {} } } } },
    ];
    for (let before = 0; before < 3; before++) {
      const all = [...Array<unknown>(before).fill(right), ...wrong, right, ...wrong];
      const lines = all.map((each, at) => `"fwmark:${at + 1}":${JSON.stringify(each)}`);
      for (const start of ['{"services":{', '# YAML\n{"services":{']) {
        const { problems } = await read(`${start}\n${lines.join(',\n')}}}`);
        const places = problems.map(({ path, message, line }) => {
          const mark = /^services\["fwmark:(\d+)"\]/;
          const first = start.split('\n').length;
          return [mark.exec(path)?.[1], mark.exec(message)?.[1], String((line ?? 0) - first)];
        });
        expect(new Set(places.map(([one]) => one))).to.have.length(8);
        for (const [path, message, line] of places) expect([message, line]).to.deep.equal([path, path]);
      }
    }
  });

  it('may have tens of thousands of mistakes of each kind', async function () {
    this.timeout(120_000);
    for (const wrong of [
      'check: { htp: {} }',
      'check: { tcp: {}, interval: 5 }',
      'check: web',
      'health: { whenDown: x }',
      'health: { sorry: { 10.0.0.1:0: { wieght: 1 } } }',
      'destinations: { 10.0.0.1:0: { check: { tcp: {} } } }',
    ]) {
      const lines = Array.from({ length: 20_000 }, (_, at) => `  fwmark:${at + 1}:\n    ${wrong}\n`);
      const { problems } = await read(`services:\n${lines.join('')}`);
      expect(problems.length, wrong).to.be.at.least(20_000);
      expect(problems.at(-1)?.path, wrong).to.include('"fwmark:20000"');
      expect(problems.at(-1)?.line, wrong).to.equal(40_001);
    }
  });

  it('may have names of a hundred thousand letters, which are compared with no other', async () => {
    const long = 'x'.repeat(100_000);
    const { problems } = await read(`
services:
  fwmark:1: { check: ${long} }
  fwmark:2: { health: { ${long}: 1 } }
checks: { ${long}y: { tcp: {} } }
`);
    expect(problems.map(({ line }) => line)).to.deep.equal([3, 4]);
    for (const { path, message } of problems) {
      expect(message).to.not.include('did you mean');
      expect([path.length < 300, message.length < 500], message.slice(0, 600)).to.deep.equal([true, true]);
    }
  });

  it('that is empty is a mistake', async () => {
    expect((await read('')).problems).to.have.length(1);
  });
});
