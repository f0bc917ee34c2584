import { readFileSync } from 'node:fs';
import { expect } from 'chai';

const NETLINK = new URL('../../../packages/netlink/', import.meta.url);

describe('the WebAssembly of @ipvs-ts/netlink', () => {
  it('is what wasm/ compiles to (npm run build:wasm writes it)', async function () {
    this.timeout(60_000);
    const script = (await import(new URL('scripts/build-wasm.js', NETLINK).href)) as {
      wasmModule(): Promise<string>;
    };
    expect(await script.wasmModule()).to.equal(
      readFileSync(new URL('src/bulk/wasm.generated.ts', NETLINK), 'utf8'),
    );
  });
});
