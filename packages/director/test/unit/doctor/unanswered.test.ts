import { expect } from 'chai';
import type { Connection } from '@ipvs-ts/ipvs';
import { examine } from '@ipvs-ts/director';
import { healthy } from './director.js';

/** A connection of a client by its port, whose last packet was some seconds ago. */
const connection = (state: 'SYN_RECV' | 'TIME_WAIT', ago: number, port: number): Connection => ({
  protocol: 'tcp',
  client: { address: '192.0.2.77', port },
  virtual: { address: '192.0.2.10', port: 80 },
  destination: { address: '10.0.0.11', port: 80 },
  state,
  expires: { SYN_RECV: 60, TIME_WAIT: 120 }[state] - ago,
  template: false,
});

async function named(...connections: Connection[]): Promise<string[]> {
  return examine(await healthy({ connections })).map(({ id }) => id);
}

const waiting = (ago: number, ...ports: number[]): Connection[] =>
  ports.map((port) => connection('SYN_RECV', ago, port));
const answered = (ago: number, ...ports: number[]): Connection[] =>
  ports.map((port) => connection('TIME_WAIT', ago, port));

describe('connections that wait for an answer', () => {
  const cases: [what: string, found: boolean, connections: Connection[]][] = [
    ['one, and none was ever answered', true, waiting(2, 40_000)],
    [
      'some, after others were answered a moment ago',
      true,
      [...answered(6, 40_000), ...waiting(2, 40_002, 40_004)],
    ],
    ['one alone, after others were answered', false, [...answered(6, 40_000), ...waiting(2, 40_002)]],
    ['older than the last answer', false, [...waiting(9, 40_000, 40_002), ...answered(3, 40_004)]],
    [
      'begun before the last answer, and answered late',
      false,
      [...waiting(20, 40_000, 40_002), ...answered(30, 40_004)],
    ],
    [
      'between answers of before and of now',
      false,
      [...answered(40, 40_000), ...waiting(5, 40_002, 40_004), ...answered(12, 40_006)],
    ],
    [
      'ports without order, an answer a moment ago',
      false,
      [...answered(6, 35_000), ...waiting(2, 50_000, 44_000)],
    ],
    [
      'after answers of before, and far from the port of an answer a moment ago',
      false,
      [...answered(40, 40_000), ...waiting(1, 40_002, 40_004), ...answered(4, 45_000)],
    ],
    [
      'after answers of before, and far from the port of an answer long ago',
      true,
      [...answered(40, 40_000), ...waiting(1, 40_002, 40_004), ...answered(30, 45_000)],
    ],
    [
      'ports without order, an answer long ago',
      true,
      [...answered(30, 35_000), ...waiting(2, 50_000, 44_000)],
    ],
  ];
  for (const [what, found, connections] of cases) {
    it(`${found ? 'are a problem' : 'mean nothing'}: ${what}`, async () => {
      expect(await named(...connections)).to.deep.equal(found ? ['return-path'] : []);
    });
  }
});
