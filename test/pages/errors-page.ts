import { type Advice, NETLINK_ADVICE } from '@ipvs-ts/netlink';
import { join } from 'node:path';
import { type Call, IPVS_ADVICE } from '@ipvs-ts/ipvs';
import { CHECKOUT } from '../source-files.js';
import { code, table } from './table.js';

/** Imported by its path, since it is not part of the package's public interface. */
const { everyMeaning } = (await import(join(CHECKOUT, 'packages/ipvs/dist/calls/explain.js'))) as {
  everyMeaning: (call: Call) => [verb: string | undefined, errno: string, name: string, sentence: string][];
};

const INTRODUCTION = `# Errors

Every failure of \`@ipvs-ts/ipvs\` is an \`IpvsError\`, every failure of \`@ipvs-ts/netlink\` a \`NetlinkError\`. Their \`code\` is
stable across releases; messages are for people and may change. Besides \`code\`, errors have \`operation\` (what was tried),
\`service\`, \`destination\`, \`errno\` and \`errnoName\` where the kernel sent one, and \`cause\`. Mistakes in arguments are a
\`TypeError\` or \`RangeError\`, thrown before anything is sent. This page is generated from the tables in the sources.

<!-- test: before
import { Ipvs, IpvsError, isArgumentError } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
const ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
-->

\`\`\`ts
try {
  await ipvs.addDestination('tcp:192.0.2.10:80', '10.0.0.11:80', { weight: 1 });
} catch (error) {
  if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) console.log(error.message);
  else if (isArgumentError(error)) console.log(error.path, error.allowed);
  else throw error;
}
\`\`\`

<!-- test: output -->

\`\`\`
cannot add destination 10.0.0.11:80 of service tcp:192.0.2.10:80: there is no service tcp:192.0.2.10:80; add it first, or list what there is (ESRCH: No such process)
\`\`\`
`;

/** docs/errors.md */
export function errorsPage(): string {
  return [
    INTRODUCTION,
    '## `@ipvs-ts/ipvs`\n',
    adviceTable(IPVS_ADVICE),
    '## `@ipvs-ts/netlink`\n',
    'They are the `cause` of an `IpvsError`, or come from the package itself.\n',
    adviceTable(NETLINK_ADVICE),
    '## Errnos of the kernel\n',
    'The kernel answers with a number only, and one number has several meanings, so the error depends on the verb. EPERM is always `ERR_IPVS_PERMISSION` or `ERR_IPVS_USER_NAMESPACE`; an errno that is not in the table is `ERR_IPVS_KERNEL`.\n',
    meaningTable(),
  ].join('\n');
}

function adviceTable(advice: Readonly<Record<string, Advice>>): string {
  return table(
    ['code', 'cause', 'what to do'],
    Object.entries(advice).map(([name, { cause, fix }]) => [code(name), cause, fix]),
  );
}

function meaningTable(): string {
  return table(
    ['verb', 'errno', 'code', 'message'],
    everyMeaning(SAMPLE).map(([verb, errno, name, sentence]) => [
      verb === undefined ? 'any other' : code(verb),
      code(errno),
      code(name),
      sentence,
    ]),
  );
}

/** The names that the messages on the page use. */
const SAMPLE = { service: '*SERVICE*', destination: '*DESTINATION*' } as Call;
