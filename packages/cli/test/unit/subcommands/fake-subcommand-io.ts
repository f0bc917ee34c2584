/** The world of a command without a process: streams that are kept, files from a table, a kernel in memory. */
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { NameService } from '@ipvs-ts/netlink';
import { type SubcommandIo, type Output, OutputError } from '../../../dist/subcommands/framework/io.js';
import { runSubcommand } from '../../../dist/subcommands/run.js';

/** How the world is. */
export interface World {
  readonly kernel?: IpvsKernel;
  /** By path; `-` is standard input. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether there is a terminal, in colour. */
  readonly terminal?: boolean;
  /** What is typed at it. */
  readonly answer?: string;
  readonly signal?: AbortSignal;
  /** Takes what is written to standard error as it is written. */
  readonly onStderr?: (text: string) => void;
  /** Whether nothing can be written to standard output. */
  readonly fullDisk?: boolean;
  /** Another way to the kernel. */
  readonly open?: () => Promise<Ipvs>;
}

/** The result of a run. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a subcommand. */
export async function ran(words: readonly string[], world: World = {}): Promise<Ran> {
  const { kernel = new IpvsKernel(), files = {}, terminal = false, answer } = world;
  let stdout = '';
  let stderr = '';
  const output = (add: (text: string) => void): Output => ({
    terminal,
    colour: terminal,
    columns: () => 80,
    write: async (text) => add(text),
  });
  const io: SubcommandIo = {
    programName: 'ipvs-ts',
    env: { TERM: 'xterm' },
    stdout: output((text) => {
      if (world.fullDisk === true) throw new OutputError('cannot write: the disk is full');
      stdout += text;
    }),
    stderr: output((text) => {
      stderr += text;
      world.onStderr?.(text);
    }),
    signal: world.signal ?? new AbortController().signal,
    readText: async (path, maxBytes = Infinity) => {
      const text = files[path];
      if (text !== undefined && Buffer.byteLength(text) > maxBytes)
        throw Object.assign(new Error(`there are more than ${maxBytes} bytes`), { code: 'ERR_TOO_LONG' });
      if (text !== undefined) return text;
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
    },
    ask:
      answer === undefined
        ? undefined
        : async (question) => {
            stderr += question;
            return answer;
          },
    names: () => NAMES,
    openScreen: () => undefined,
    open: world.open ?? (() => Ipvs.open({ transport: doubleTransport(kernel) })),
  };
  const [word = '', ...rest] = words;
  const status = await runSubcommand(word, rest, io);
  return { status, stdout, stderr };
}

const NAMES: NameService = {
  hostByName: (name) => ({ 'www.example': '192.0.2.10', one: '10.0.0.1' })[name],
  hostByAddress: () => undefined,
  serviceByName: (name) => ({ http: 80, domain: 53 })[name],
  serviceByPort: () => undefined,
};
