/** The tasks of the guard: everyday work on a table of 200x4. */
import { Ipvs, IpvsSync, readDocument, writeDocument } from '@ipvs-ts/ipvs';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import type { TransportSync } from '@ipvs-ts/netlink';
import { transportOf } from '@ipvs-ts/netlink/testing';
import { ipvsadm } from 'ipvs-ts';
import { CostlessKernel } from '../costless-kernel.js';

const SIZE = { services: 200, destinations: 4 };

export interface Task {
  readonly name: string;
  readonly run: () => unknown;
}

const kernel = (): TransportSync => new CostlessKernel(SIZE);

/** Runs a command line in the language of ipvsadm; returns its output. */
function commandLine(argv: readonly string[], input = ''): string {
  let output = '';
  const status = ipvsadm(argv, {
    programName: 'ipvs-ts',
    env: {},
    stdout: (text) => {
      output += text;
    },
    stderr: (text) => {
      throw new Error(text);
    },
    readStdin: () => input.match(/[^]{1,65536}/g) ?? [],
    readFile: () => '',
    open: () => IpvsVerbsSync.open({ checks: 'kernel', transport: kernel() }),
    loadModule: () => false,
    names: () => {
      throw new Error('no name was to be looked up');
    },
  });
  if (status !== 0) throw new Error(`${argv.join(' ')}: exit status ${status}`);
  return output;
}

const sync = IpvsSync.open({ transport: kernel() });
const rules = commandLine(['-S', '-n']);
/** The same table as a document. */
const document = writeDocument({
  services: Object.fromEntries(
    sync.table().map(({ service: { key, scheduler }, destinations }) => [
      key,
      {
        scheduler,
        destinations: Object.fromEntries(
          destinations.map(({ key: name, forwarding, weight }) => [name, { forwarding, weight }]),
        ),
      },
    ]),
  ),
});
/** A kernel without services, which acknowledges every change. */
const empty = IpvsSync.open({ transport: new CostlessKernel({ services: 0, destinations: 0 }) });
const asynchronous = await Ipvs.open({ transport: transportOf(kernel()) });

export const TASKS: readonly Task[] = [
  { name: 'restore', run: () => commandLine(['-R'], rules) },
  { name: 'list', run: () => commandLine(['-ln']) },
  { name: 'list --stats', run: () => commandLine(['-ln', '--stats']) },
  { name: 'table', run: () => sync.table() },
  { name: 'table, asynchronous', run: () => asynchronous.table() },
  { name: 'plan', run: async () => sync.plan(await readDocument(document)) },
  { name: 'apply', run: async () => empty.plan(await readDocument(document)).apply() },
];
