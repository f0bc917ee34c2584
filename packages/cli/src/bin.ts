/** The program. Unless its first argument is a word, it runs ipvsadm's language, and loads nothing else. */
import type * as processSubcommand from './process/subcommand.js';
import { endWith } from './process/end.js';
import { runIpvsadm } from './process/ipvsadm.js';
import { programArguments } from './process/program.js';

/** Runs the program on the process's arguments; `loadSubcommands` loads the code of subcommands. */
export async function start(loadSubcommands: () => Promise<typeof processSubcommand>): Promise<void> {
  const [first] = programArguments().args;
  if (first === undefined || first.startsWith('-')) startIpvsadm();
  else await (await loadSubcommands()).startSubcommand(startIpvsadm);
}

/** Runs ipvsadm's language on the process's arguments. */
export function startIpvsadm(): void {
  const { programName, args } = programArguments();
  endWith(runIpvsadm(args, programName));
}
