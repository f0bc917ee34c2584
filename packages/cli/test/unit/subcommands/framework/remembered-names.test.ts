import { expect } from 'chai';
import type { NameService } from '@ipvs-ts/netlink';
import { rememberedNames } from '../../../../dist/subcommands/framework/remembered-names.js';

describe('look-ups of names by subcommands', () => {
  it('ask once for each name and protocol, also for names that are not found', () => {
    const asked: string[] = [];
    const note =
      <R>(answer: (question: string) => R) =>
      (...question: readonly unknown[]): R => {
        asked.push(question.join(' '));
        return answer(asked.at(-1) as string);
      };
    const names: NameService = rememberedNames({
      hostByName: note(() => undefined),
      hostByAddress: note((question) => question),
      serviceByName: note((question) => (question === 'http tcp' ? 80 : undefined)),
      serviceByPort: note(() => undefined),
    });
    for (let round = 0; round < 3; round++) {
      expect(names.serviceByName('http', 'tcp')).to.equal(80);
      expect(names.serviceByName('http', 'udp')).to.equal(undefined);
      expect(names.serviceByName('99999', 'tcp')).to.equal(undefined);
      expect(names.hostByName('a')).to.equal(undefined);
      expect(names.hostByAddress(Uint8Array.of(1, 2, 3, 4))).to.equal('1,2,3,4');
      expect(names.hostByAddress(Uint8Array.of(12, 3, 4))).to.equal('12,3,4');
      expect(names.serviceByPort(80, 'tcp')).to.equal(undefined);
    }
    expect(asked).to.deep.equal(['http tcp', 'http udp', '99999 tcp', 'a', '1,2,3,4', '12,3,4', '80 tcp']);
  });
});
