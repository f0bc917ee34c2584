import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { CHECKS, examine, type Finding } from '@ipvs-ts/director';
import { examples } from './examples.js';
import { directFaults } from '../../../../test-vm/dist/faults/direct.js';
import { firewallFaults } from '../../../../test-vm/dist/faults/firewall.js';
import { hostFaults } from '../../../../test-vm/dist/faults/host.js';
import { natFaults } from '../../../../test-vm/dist/faults/nat.js';

/** Where it is kept. */
export const PATH = fileURLToPath(new URL('../../../../docs/doctor.md', import.meta.url));

const FAULTS = [...natFaults, ...firewallFaults, ...directFaults, ...hostFaults];

const HEAD = `# What \`ipvs-ts doctor\` finds

“The table looks right, why does curl hang?” Ask the director:

\`\`\`sh
ipvs-ts doctor                     # all services; changes nothing
ipvs-ts doctor tcp:192.0.2.10:80   # one service
ipvs-ts doctor --probe             # also connects to destinations and services, asks who answers ARP
ipvs-ts doctor --client 192.0.2.77 # looks at the way back to a client that complains
ipvs-ts doctor --fix               # changes the settings of the kernel that are wrong; prints the other commands
ipvs-ts doctor --json
\`\`\`

Exit status: 0 no problems, 1 problems were found, 2 it could not run. Ask when clients have just failed: the half-open
connections that they leave tell much, for a minute. After a fix, let a client try before you ask again. Without root it tells what it can, and says what it could not see. Programs call
\`diagnose()\` of \`@ipvs-ts/director\`.

\`--fix\` shows what was found, writes the settings that are marked below, prints the other commands as “Not run”, and looks
again. Where it may not write (without root, or in a container whose /proc/sys is read-only) it says “Failed” and why. What
it wrote holds until the next boot. With \`--json\` there are \`findings\` (those that are left), \`fixed\`, \`failed\` (each a
\`finding\` and a \`reason\`), \`unseen\` and \`services\`; the lists are empty where there is nothing.

It looks at the director only. What is wrong on a real server shows in the director's connections, and the commands that it
prints for that are to be run there.

This page is made from the checks and their tests (\`npm run document:doctor\`). A fault that is named under “proved by” is
made on a real kernel by \`npm run test:e2e\`: a client fails as described here, the doctor names the fault and no
other, its commands are run, and the client is served.
`;

/** docs/doctor.md as it should be. */
export async function doctorDocument(): Promise<string> {
  const parts = [HEAD, '| check | severity | what is right |', '| --- | --- | --- |'];
  for (const { id, severity, title } of CHECKS) parts.push(`| [${id}](#${id}) | ${severity} | ${title} |`);
  for (const { id, title, why, symptom } of CHECKS) {
    const [finding] = examine((await examples[id]?.()) ?? fail(id));
    parts.push('', `## ${id}`, '', `${title}.`, '', why, '', `**Clients see:** ${symptom}`, '');
    parts.push(...(finding === undefined ? fail(id) : example(finding)), '', proof(id));
  }
  const text = `${parts.join('\n')}\n`;
  return format(text, { ...(await resolveConfig(PATH)), filepath: PATH });
}

function example({ found, fix, on, safe, advice }: Finding): string[] {
  const where = on === 'destination' ? ' (on the real server)' : safe ? ' (what `--fix` does)' : '';
  return [
    `**Found**, for example: ${found}.`,
    ...(fix.length === 0 ? [] : ['', `**Fixed by**${where}:`, '', '```sh', ...fix, '```']),
    ...(advice === undefined ? [] : ['', advice.endsWith('.') ? advice : advice]),
  ];
}

function proof(id: string): string {
  const names = FAULTS.filter(({ check }) => check === id).map(({ name }) => `\`fault/${name}\``);
  return `_Proved by:_ ${names.length === 0 ? `the unit test of its example (\`packages/director/test/unit/checks\`)` : names.join(', ')}`;
}

function fail(id: string): never {
  throw new Error(`the example of ${id} finds nothing`);
}
