/** `import`: configurations of keepalived and ldirectord as documents. */
import { hostname } from 'node:os';
import type { Fate, Imported, Remark, TextFile } from '@ipvs-ts/agent';
import { type AgentPackage, loadAgent } from '../framework/agent-package.js';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import type { SubcommandIo } from '../framework/io.js';
import { UsageError } from '../framework/usage-error.js';
import { MOST_BYTES, readIncluded } from './include-files.js';

/** Fates that make the exit status 2. */
const LOSSES: readonly Fate[] = ['differs', 'dropped'];

/** The record of `import`. */
export const IMPORT: Subcommand = {
  name: 'import',
  operands: [],
  summary: 'convert a configuration of keepalived or ldirectord to a document',
  description: [
    'Prints a document with services, destinations, checks, and the handling of their failures. It changes nothing, and neither program needs to be installed.',
    'On stderr, it prints a remark for each line of the file: taken over, differs, dropped (with what to do instead), kept (it stays in keepalived: VRRP, BFD, addresses) or skipped (not for this configuration). After that it prints the lines that stay in keepalived, with a track_file by which VRRP follows the agent.',
    'With FILE -, standard input is read.',
  ],
  options: {
    'from-keepalived': { value: 'FILE', help: 'read keepalived.conf, with the files that it includes' },
    'from-ldirectord': {
      value: 'FILE',
      help: 'read ldirectord.cf; names of hosts and services are looked up',
    },
    'config-id': {
      value: 'ID',
      help: "the id for lines with @ID, as in keepalived's option; by default the name of this host up to its first dot",
    },
    strict: { help: 'print no document if a line was dropped, and exit with 1' },
    quiet: { short: 'q', help: 'print no remarks for lines that are taken over, kept or skipped' },
    output: {
      short: 'o',
      value: 'FORMAT',
      choices: ['yaml', 'json'],
      help: 'the format, yaml by default',
    },
  },
  statuses: {
    0: 'everything is taken over or stays in keepalived',
    1: 'FILE cannot be read; with --strict, something was dropped',
    2: 'something differs, or was dropped',
  },
  failure: 1,
  async run(args, io) {
    const [option, path] = source(args);
    const agent = await loadAgent();
    const file = { path: path === '-' ? '<stdin>' : path, text: await readText(path, io) };
    const imported =
      option === 'from-keepalived' ? keepalived(agent, file, args) : ldirectord(agent, file, io);
    await report(agent, imported, args, io);
    const lost = imported.remarks.filter(({ fate }) => LOSSES.includes(fate));
    if (args.has('strict') && lost.some(({ fate }) => fate === 'dropped')) {
      await io.stderr.write('no document is printed: lines were dropped, and --strict was given\n');
      return 1;
    }
    await io.stdout.write(
      args.value('output') === 'json'
        ? `${JSON.stringify(imported.document, undefined, 2)}\n`
        : agent.documentYaml(imported.document, [`Imported from ${file.path}`]),
    );
    return lost.length === 0 ? 0 : 2;
  },
};

function source(args: Arguments): readonly [option: string, path: string] {
  const options = ['from-keepalived', 'from-ldirectord'].flatMap((option) => {
    const path = args.value(option);
    return path === undefined ? [] : [[option, path] as const];
  });
  const [only, second] = options;
  if (only === undefined || second !== undefined)
    throw new UsageError('name one file: --from-keepalived FILE or --from-ldirectord FILE');
  if (args.has('config-id') && only[0] !== 'from-keepalived')
    throw new UsageError('--config-id is for --from-keepalived');
  return only;
}

async function readText(path: string, io: SubcommandIo): Promise<string> {
  try {
    return await io.readText(path, MOST_BYTES);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw new UsageError(`${path}: it is a folder; name a file`);
    if (code === 'ERR_TOO_LONG')
      throw new UsageError(`${path}: it has more than ${MOST_BYTES} bytes, which no configuration has`);
    throw code === undefined ? error : new UsageError(`${path}: ${message}`);
  }
}

function keepalived(agent: AgentPackage, file: TextFile, args: Arguments): Imported {
  const configId = args.value('config-id') ?? hostname().split('.')[0];
  return agent.importKeepalived(file, { ...(configId !== undefined && { configId }), readIncluded });
}

function ldirectord(agent: AgentPackage, file: TextFile, io: SubcommandIo): Imported {
  const lookUp = {
    address: (name: string) => io.names().hostByName(name),
    port: (name: string, protocol: string) => io.names().serviceByName(name, protocol),
  };
  return agent.importLdirectord(file, { lookUp });
}

async function report(
  agent: AgentPackage,
  { remarks, kept }: Imported,
  args: Arguments,
  io: SubcommandIo,
): Promise<void> {
  const shown = args.has('quiet') ? remarks.filter(({ fate }) => LOSSES.includes(fate)) : remarks;
  await io.stderr.write(shown.map((remark) => `${agent.remarkText(remark)}\n`).join(''));
  await io.stderr.write(`${summary(remarks)}\n`);
  if (kept !== undefined && !args.has('quiet'))
    await io.stderr.write(`These lines stay in keepalived.conf (start keepalived with --vrrp):\n\n${kept}`);
}

function summary(remarks: readonly Remark[]): string {
  const fates: readonly Fate[] = ['taken over', 'differs', 'dropped', 'kept', 'skipped'];
  const counts = fates.map((fate) => ({
    fate,
    count: remarks.filter((remark) => remark.fate === fate).length,
  }));
  return counts
    .filter(({ fate, count }) => count > 0 || ['taken over', ...LOSSES].includes(fate))
    .map(({ fate, count }) => `${count} ${fate}`)
    .join(', ');
}
