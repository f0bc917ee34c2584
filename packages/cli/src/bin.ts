/** The program. It picks between ipvsadm's language and the project's own words, and loads only what that one needs. */
import { basename } from 'node:path';
import { isOwnWord } from './commands/words.js';
import { runIpvsadm } from './process-ipvsadm.js';

const [word, ...words] = process.argv.slice(2);
const programName = basename(process.argv[1] ?? 'ipvs-ts', '.js');

async function runOwn(name: string): Promise<void> {
  const { runOwnWord } = await import('./process-command.js');
  process.exitCode = await runOwnWord(name, words, programName);
}

// Not awaited: the program is bundled as CommonJS, which starts faster and cannot wait at its top.
if (isOwnWord(word)) void runOwn(word);
else process.exitCode = runIpvsadm(process.argv.slice(2), programName);
