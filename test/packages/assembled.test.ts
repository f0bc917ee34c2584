import { readFileSync } from 'node:fs';
import { expect } from 'chai';

const NETLINK = new URL('../../../packages/netlink/', import.meta.url);

describe('the WebAssembly of @ipvs-ts/netlink', () => {
  it('is what assembly/ compiles to (npm run assemble writes it)', async function () {
    this.timeout(60_000);
    const script = (await import(new URL('scripts/assemble.js', NETLINK).href)) as {
      assembled(): Promise<string>;
    };
    expect(await script.assembled()).to.equal(readFileSync(new URL('src/assembled.ts', NETLINK), 'utf8'));
  });
});
