/** The program. It picks between ipvsadm's language and the project's own words, and loads only what that one needs. */
import { basename } from 'node:path';
import { isOwnWord } from './commands/words.js';

const [word, ...words] = process.argv.slice(2);
const programName = basename(process.argv[1] ?? 'ipvs-ts', '.js');

if (isOwnWord(word)) {
  const { runOwnWord } = await import('./process-command.js');
  process.exitCode = await runOwnWord(word, words, programName);
} else {
  const { runIpvsadm } = await import('./process-ipvsadm.js');
  process.exitCode = runIpvsadm(process.argv.slice(2), programName);
}
