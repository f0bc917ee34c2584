import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
  readonly purl: string;
  readonly parts?: readonly unknown[];
}

interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly hashes?: readonly { content: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const load = (file: string): Promise<unknown> =>
  import(pathToFileURL(join(CHECKOUT, 'packaging/executable', file)).href);

const INPUTS = [
  'packages/cli/dist/bin.js',
  'packages/ipvs/dist/index.js',
  'packages/agent/dist/serve/page.generated.js',
  'node_modules/debug/src/node.js',
  'packaging/executable/start.js',
];

describe('what the executable is made of', function () {
  this.timeout(60_000);
  const arch = process.arch;
  let all: readonly Component[];
  let bom: Bom;

  before(async () => {
    const { components } = (await load('components.js')) as {
      components: (inputs: readonly string[], arch: string) => Component[];
    };
    const { sbom } = (await load('sbom.js')) as { sbom: (all: readonly Component[], arch: string) => Bom };
    all = components(INPUTS, arch);
    bom = sbom(all, arch);
    expect(sbom(all, arch)).to.deep.equal(bom);
  });

  it('is each package of the bundle, koffi and its binary, and Bun with its parts', () => {
    const names = all.map(({ name }) => name);
    expect(names).to.include.members([
      'ipvs-ts',
      '@ipvs-ts/ipvs',
      'preact',
      'debug',
      'koffi',
      `@koromix/koffi-linux-${arch}`,
    ]);
    const bun = all.find(({ name }) => name.startsWith('@oven/bun-linux-'));
    expect(bun?.parts).to.have.length.above(20);
    expect(bun?.text).to.include('JavaScriptCore');
  });

  it('has a version, a licence and its text each', () => {
    for (const { name, version, licence, text, purl } of all) {
      expect(version, name).to.match(/^\d+\.\d+\.\d+/);
      expect(licence, name).to.match(/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/);
      expect(text.length, name).to.be.above(200);
      expect(purl).to.equal(`pkg:npm/${name.replace('@', '%40')}@${version}`);
    }
  });

  it('is listed as CycloneDX, with the hashes of the lock file', () => {
    expect(bom.serialNumber).to.match(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const refs = bom.components.map((each) => each['bom-ref']);
    expect(new Set(refs).size).to.equal(refs.length);
    expect(bom.dependencies[0]).to.deep.equal({ ref: bom.metadata.component['bom-ref'], dependsOn: refs });
    const debug = bom.components.find((each) => each['bom-ref'].startsWith('pkg:npm/debug@'));
    expect(debug?.hashes?.[0]?.content).to.match(/^[0-9a-f]{128}$/);
  });
});

describe('where the project is published', () => {
  let fields: (repository: unknown, directory: string) => unknown;
  before(async () => {
    const path = pathToFileURL(join(CHECKOUT, 'packaging/release/publisher.js')).href;
    ({ publisherFields: fields } = (await import(path)) as { publisherFields: typeof fields });
  });

  it('follows from one setting', () => {
    const expected = {
      repository: { type: 'git', url: 'git+https://host.example/owner/name.git', directory: 'packages/cli' },
      homepage: 'https://host.example/owner/name#readme',
      bugs: 'https://host.example/owner/name/issues',
    };
    for (const setting of [
      'https://host.example/owner/name',
      'git+https://host.example/owner/name.git',
      { type: 'git', url: 'https://host.example/owner/name/' },
    ])
      expect(fields(setting, 'packages/cli')).to.deep.equal(expected);
  });

  it('is required', () => {
    for (const setting of [
      undefined,
      '',
      {},
      'owner/name',
      'http://host.example/owner/name',
      'https://host.example',
    ])
      expect(() => fields(setting, '.'), JSON.stringify(setting)).to.throw(/repository/);
  });
});
