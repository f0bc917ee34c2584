import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';
import { code, table } from './table.js';

/** What a page takes from the record of a subcommand. */
interface SubcommandRecord {
  readonly name: string;
  readonly operands: readonly string[];
  readonly summary: string;
  readonly description: readonly string[];
  readonly options: Readonly<Record<string, SubcommandOption>>;
  readonly statuses: Readonly<Record<number, string>>;
}

interface SubcommandOption {
  readonly short?: string;
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly help: string;
}

/** Imported by its path, since it is not part of the package's public interface. */
const { allSubcommands } = (await import(join(CHECKOUT, 'packages/cli/dist/manual/subcommands.js'))) as {
  allSubcommands: () => Promise<SubcommandRecord[]>;
};

/** The lines between which a page is generated; the rest of it is written by hand. */
const BEGIN = '<!-- generated: begin (npm run pages) -->';
const END = '<!-- generated: end -->';

const INDEX = 'docs/commands/README.md';

/** The page of each subcommand and their index: path in the checkout, and text. */
export async function commandPages(): Promise<Record<string, string>> {
  const commands = await allSubcommands();
  const pages = commands.map((command) => {
    const path = `docs/commands/${command.name}.md`;
    return [path, withGenerated(currentText(path, command.name), reference(command))] as const;
  });
  return {
    [INDEX]: withGenerated(currentText(INDEX, 'commands'), index(commands)),
    ...Object.fromEntries(pages),
  };
}

/** `text` with `generated` between its marks. */
export function withGenerated(text: string, generated: string): string {
  const [before, rest = ''] = text.split(BEGIN);
  const after = rest.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`no ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${generated}\n\n${END}${after}`;
}

/** The page as it is, or the start of a page for a new subcommand. */
function currentText(path: string, name: string): string {
  const file = join(CHECKOUT, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : `# ipvs-ts ${name}\n\n${BEGIN}\n${END}\n`;
}

function index(commands: readonly SubcommandRecord[]): string {
  return table(
    ['command', 'what it does'],
    commands.map(({ name, summary }) => [`[${name}](${name}.md)`, marked(summary)]),
  ).trimEnd();
}

function reference({ name, operands, summary, description, options, statuses }: SubcommandRecord): string {
  const help: SubcommandOption = { short: 'h', help: 'show the help text' };
  return [
    `${upperFirst(marked(summary))}.`,
    `Usage: ${code(['ipvs-ts', name, '[OPTION…]', ...operands].join(' '))}`,
    ...description.map(marked),
    table(['option', 'what it does'], Object.entries({ ...options, help }).map(optionRow)).trimEnd(),
    table(
      ['exit status', 'meaning'],
      Object.entries(statuses).map(([status, meaning]) => [status, marked(meaning)]),
    ).trimEnd(),
  ].join('\n\n');
}

function optionRow([name, { short, value, choices, help }]: [string, SubcommandOption]): string[] {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  const names = short === undefined ? code(long) : `${code(`-${short}`)}, ${code(long)}`;
  return [names, marked(choices === undefined ? help : `${help}: ${choices.join(', ')}`)];
}

/** Options, settings, names of services and destinations, and what Markdown would read as its own. */
const CODE =
  /(?<![\w`.-])(?:--[a-z][\w-]*|-[a-zA-Z](?![\w-])|(?:tcp|udp|sctp|fwmark6?):[^\s,;]*[^\s,;.)]|(?:net|vs)\.[\w.]+\w(?:=\d+)?|\[[0-9a-f:]+\]:\d+|\d+\.\d+\.\d+\.\d+(?::\d+)?)/g;

/** Plain text of a record as Markdown. */
function marked(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll(CODE, (found) => code(found));
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
