/** `agent --check`: the mistakes in a document, or the changes that an agent would make. */
import type { AgentPlan } from '@ipvs-ts/agent';
import { documentProblemText } from '@ipvs-ts/ipvs';
import type { AgentPackage } from '../framework/agent-package.js';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { visible } from '../framework/visible.js';
import { agentOptions } from './agent-options.js';
import { jsonText } from '../agent-client/command-json.js';

/** Prints what an agent would do, and returns the exit status. */
export async function check(agent: AgentPackage, args: Arguments, io: SubcommandIo): Promise<number> {
  const plan = await agent.planAgent({ ...agentOptions(args), ...opened(args, io) });
  const { problems, pending, changes } = plan;
  const status = problems.length > 0 ? 1 : pending !== undefined || changes.length > 0 ? 2 : 0;
  if (args.has('json')) {
    await io.stdout.write(jsonText({ version: 1, ...plan, pending: pending ?? null }));
    return status;
  }
  const { file = agent.DEFAULT_PATHS.file } = agentOptions(args);
  for (const each of problems) await io.stderr.write(`${visible(documentProblemText(each, file))}\n`);
  if (problems.length > 0) {
    await io.stderr.write(`${counted(problems.length, 'mistake')}: the document would change nothing\n`);
    return status;
  }
  await io.stdout.write(planText(plan, io.programName));
  return status;
}

/** The namespace of the process is opened by the program, another one by the agent. */
function opened(
  args: Arguments,
  io: SubcommandIo,
): Pick<Parameters<AgentPackage['planAgent']>[0] & {}, 'open'> {
  return args.has('netns') ? {} : { open: () => io.open() };
}

function planText({ revision, pending, changes }: AgentPlan, program: string): string {
  if (pending !== undefined)
    return `document ${revision} would wait, since it removes ${pending}; it would take effect with: ${program} agent accept ${revision}\n`;
  if (changes.length === 0) return 'No changes: the table already matches.\n';
  const lines = changes.map((change) => `${visible(change)}\n`).join('');
  return `${lines}${counted(changes.length, 'change')} at once; later ones depend on checks.\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
