import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { isShortListing, isShortWork, Optimisation } from '../../../dist/process/optimisation.js';

describe('when V8 optimises', () => {
  const made = (version: string): { optimisation: Optimisation; set: string[] } => {
    const set: string[] = [];
    return { optimisation: new Optimisation(version, (option) => set.push(option)), set };
  };

  it('is later for short work, and as usual while bundles are loaded', async () => {
    const { optimisation, set } = made('11.3.244.8-node.38');
    expect(await optimisation.whileLoading(async () => 1)).to.equal(1);
    optimisation.delay();
    optimisation.delay();
    expect(await optimisation.whileLoading(async () => 2)).to.equal(2);
    expect(set).to.deep.equal([
      '--interrupt-budget=1081344',
      '--interrupt-budget=67584',
      '--interrupt-budget=1081344',
    ]);
  });

  it('is later in WebAssembly too, if asked for', async () => {
    const { optimisation, set } = made('11.3.244.8-node.38');
    optimisation.delayWebAssembly();
    optimisation.delay();
    optimisation.delayWebAssembly();
    await optimisation.whileLoading(async () => undefined);
    const later = ['--wasm-tiering-budget=115200000', '--interrupt-budget=1081344'];
    expect(set).to.deep.equal([
      ...later,
      ...['--wasm-tiering-budget=1800000', '--interrupt-budget=67584'],
      ...later,
    ]);
  });

  it('is left unchanged in every other V8, which has other options', async () => {
    for (const version of ['12.4.254.21-node.33', '11.30.1', '13.6.233.10', '1']) {
      const { optimisation, set } = made(version);
      optimisation.delay();
      optimisation.delayWebAssembly();
      await optimisation.whileLoading(async () => undefined);
      expect(set).to.deep.equal([]);
    }
  });

  it('is set by an option that this V8 knows', () => {
    expect(() => {
      const optimisation = new Optimisation();
      optimisation.delay();
      optimisation.delayWebAssembly();
    }).to.not.throw();
  });

  it('is not worth it for small documents, and not for large ones', () => {
    expect([4095, 4096, 1_000_000, 1_000_001].map(isShortWork)).to.deep.equal([false, true, true, false]);
  });

  it('is not worth it for small tables, and not for those whose listing takes seconds', () => {
    expect([99, 100, 20_000, 20_001].map(isShortListing)).to.deep.equal([false, true, true, false]);
  });

  it('is set without a warning, with every option of Node that has one', () => {
    const path = new URL('../../../dist/process/optimisation.js', import.meta.url).href;
    const code = `import(${JSON.stringify(path)}).then(({ Optimisation }) => new Optimisation().delay())`;
    for (const options of [[], ['--pending-deprecation'], ['--throw-deprecation', '--pending-deprecation']]) {
      const { status, stderr } = spawnSync(process.execPath, [...options, '--eval', code], {
        encoding: 'utf8',
      });
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    }
  });
});
