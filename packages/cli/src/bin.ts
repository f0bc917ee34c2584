/** The program. It picks between ipvsadm's language and the project's own words, and loads only what that one needs. */
import { basename } from 'node:path';
import { isSubcommand } from './subcommands/registry.js';
import type * as processCommand from './process/command.js';
import { runIpvsadm } from './process/ipvsadm.js';

/** Runs the program on the process's words; `ownWords` loads what the project's own words need. */
export async function start(ownWords: () => Promise<typeof processCommand>): Promise<void> {
  const [word, ...words] = process.argv.slice(2);
  const programName = basename(process.argv[1] ?? 'ipvs-ts', '.js');
  if (!isSubcommand(word)) {
    process.exitCode = runIpvsadm(process.argv.slice(2), programName);
    return;
  }
  const { runSubcommandProcess } = await ownWords();
  process.exitCode = await runSubcommandProcess(word, words, programName);
}
