/** How the program was started. */
import { basename } from 'node:path';

/** The arguments of the process, and the name with which it was started. */
export function programArguments(): { programName: string; args: string[] } {
  return { programName: basename(process.argv[1] ?? 'ipvs-ts', '.js'), args: process.argv.slice(2) };
}
