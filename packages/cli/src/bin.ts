/** The program. It picks between ipvsadm's language and subcommands, and loads only what that one needs. */
import { basename } from 'node:path';
import { PROGRAM } from './ipvsadm/language/usage.js';
import { isSubcommand } from './subcommands/registry.js';
import type * as processSubcommand from './process/subcommand.js';
import { runIpvsadm } from './process/ipvsadm.js';

/** Runs the program on the process's arguments; `loadSubcommands` loads what subcommands need. */
export async function start(loadSubcommands: () => Promise<typeof processSubcommand>): Promise<void> {
  const [name, ...rest] = process.argv.slice(2);
  const programName = basename(process.argv[1] ?? 'ipvs-ts', '.js');
  if (!isSubcommand(name)) {
    process.exitCode =
      (await mistyped(name, programName, loadSubcommands)) ?? runIpvsadm(process.argv.slice(2), programName);
    return;
  }
  const { runSubcommandProcess } = await loadSubcommands();
  process.exitCode = await runSubcommandProcess(name, rest, programName);
}

/** The status where `name` is a mistyped subcommand; never under another name, where everything is as ipvsadm has it. */
async function mistyped(
  name: string | undefined,
  programName: string,
  loadSubcommands: () => Promise<typeof processSubcommand>,
): Promise<number | undefined> {
  if (programName !== PROGRAM || name === undefined || name.startsWith('-')) return undefined;
  return (await loadSubcommands()).reportMistyped(name, programName);
}
