import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const PROGRAM = fileURLToPath(new URL('listing-program.js', import.meta.url));

/** Node loads the codec as on a machine that has numbers the other way round. */
const BIG_ENDIAN = `
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.endsWith('/netlink/dist/wire/align.js')) return loaded;
  const source = String(loaded.source).replace(/LITTLE_ENDIAN = [^;]*;/, 'LITTLE_ENDIAN = false;');
  if (!source.includes('LITTLE_ENDIAN = false;')) throw new Error('there is no byte order to change');
  return { ...loaded, source };
}`;
const REGISTER = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(BIG_ENDIAN))});`;

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

interface Result {
  readonly fast: boolean;
  readonly texts: readonly string[];
}

/** What the program lists under Node with these options, in a shell that has run `before`. */
function listed(options: readonly string[], before = ':'): Result {
  const command = `${before} && exec "$0" "$@"`;
  const output = execFileSync('sh', ['-c', command, process.execPath, ...options, PROGRAM], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output) as Result;
}

describe('a listing', function () {
  this.timeout(60_000);
  let usual: Result;

  before(() => {
    usual = listed([]);
  });

  it('is made by the fast maker of lines where WebAssembly runs', () => {
    expect(usual.fast).to.equal(true);
    expect(usual.texts).to.have.length(4);
    for (const text of usual.texts) expect(text).to.match(/^0 .*192\.0\.2\.10:443/s);
    expect(usual.texts[2]).to.include(' 10000000000000001 ');
  });

  const ways: Readonly<Record<string, () => Result>> = {
    'without WebAssembly (--jitless)': () => listed(['--jitless']),
    'where memory for WebAssembly is refused (ulimit -v)': () => listed([], 'ulimit -v 6000000'),
    'on a big-endian machine': () => listed(['--import', dataUrl(REGISTER)]),
  };
  for (const [way, run] of Object.entries(ways)) {
    it(`is the same, by the ordinary maker, ${way}`, () => {
      expect(run()).to.deep.equal({ fast: false, texts: usual.texts });
    });
  }
});
