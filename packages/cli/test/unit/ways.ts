/** Ways to run a program in a process of its own, in most of which the fast makers of `bulk/` do not run. */
import { execFileSync } from 'node:child_process';

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

/** The options of Node, and what a shell runs before it. */
interface Way {
  readonly options?: readonly string[];
  readonly before?: string;
  /** Whether the fast makers run all the same. */
  readonly fast?: boolean;
}

/** From Node 24 on, V8 checks each access to the memory of WebAssembly where it cannot reserve some 10 GB of addresses. */
const NEEDS_ADDRESSES = Number(process.versions.node.split('.')[0]) < 24;

/** By what the name of a test says. */
export const WAYS: Readonly<Record<string, Way>> = {
  'without WebAssembly (--jitless)': { options: ['--jitless'] },
  'where few addresses are allowed (ulimit -v)': { before: 'ulimit -v 6000000', fast: !NEEDS_ADDRESSES },
  'on a big-endian machine': { options: ['--import', dataUrl(REGISTER)] },
};

/** What a program prints as JSON. */
export function printedBy(program: string, { options = [], before = ':' }: Way = {}): unknown {
  const output = execFileSync(
    'sh',
    ['-c', `${before} && exec "$0" "$@"`, process.execPath, ...options, program],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(output) as unknown;
}
