import { argumentsOf, checkHostOptions } from '../argument-checks.js';
import { hostname } from 'node:os';
import { Ipvs } from '@ipvs-ts/ipvs';
import { CHECK_TYPES, type CheckType } from '../check/check-type.js';
import { AgentError } from '../errors.js';
import { type RunCheck, SocketEngine } from '../probes/engine.js';
import { Agent } from './agent.js';
import { hostClock } from '../state/clock.js';
import { DocumentFile } from './document-file.js';
import { Driver } from './driver.js';
import { KernelTable } from './kernel-table.js';
import { HeldNamespace } from './held-namespace.js';
import { descriptorLimit } from './namespace.js';
import { DirectoryLocks } from '../state/directory-locks.js';
import { StateFiles } from '../state/state-files.js';

/** The default files and directories of an agent. */
export const DEFAULT_PATHS = {
  file: '/etc/ipvs-ts/director.yaml',
  runtimeDirectory: '/run/ipvs-ts',
  stateDirectory: '/var/lib/ipvs-ts',
} as const;

/** A custom check type. */
export interface OwnCheckType extends CheckType {
  /** Runs one check. It must return `noVerdict` for errors of this host, and end within the timeout of the check. */
  readonly run: RunCheck;
}

/** Options of an agent. */
export interface AgentOptions {
  /** The document. `/etc/ipvs-ts/director.yaml` by default. */
  readonly file?: string | undefined;
  /** For state that lasts as long as the table; `/run/ipvs-ts` by default. Agents must not share it. */
  readonly runtimeDirectory?: string | undefined;
  /** For state that survives a reboot, such as maintenance; `/var/lib/ipvs-ts` by default. Agents must not share it. */
  readonly stateDirectory?: string | undefined;
  /**
   * Path of the network namespace whose table to manage; the process's own by default. Checks run in the process's own.
   */
  readonly netns?: string | undefined;
  /** Check and report, but change nothing. */
  readonly observe?: boolean | undefined;
  /** Types of checks in addition to {@link CHECK_TYPES}, by their names in documents. */
  readonly checkTypes?: Readonly<Record<string, OwnCheckType>> | undefined;
  /** Opens the client of IPVS; by default one for `netns`. For tests with a kernel in memory. */
  readonly open?: (() => Promise<Ipvs>) | undefined;
}

/**
 * Starts an agent, which keeps the table of IPVS as a document declares it until it is closed. It sends nothing while
 * the table is as desired, so a restart changes nothing. Rejects with ERR_AGENT_RUNNING if another agent manages the
 * same table, or uses the same runtime or state directory; with `observe` there may be another one.
 */
export async function runAgent(options: AgentOptions = {}): Promise<Agent> {
  argumentsOf.object('options', options);
  const {
    file = DEFAULT_PATHS.file,
    runtimeDirectory = DEFAULT_PATHS.runtimeDirectory,
    stateDirectory = DEFAULT_PATHS.stateDirectory,
    netns,
    observe = false,
  } = options;
  const { checkTypes } = options;
  checkHostOptions({ file, runtimeDirectory, stateDirectory, netns, checkTypes });
  const own = options.checkTypes ?? {};
  for (const name of Object.keys(own))
    if (Object.hasOwn(CHECK_TYPES, name))
      throw new AgentError(
        'ERR_AGENT_ARGUMENT',
        `options.checkTypes.${name}: there is a check of this name already`,
      );
  const namespace = await HeldNamespace.hold(netns, !observe && options.open === undefined);
  const locks = observe ? undefined : lockDirectories(runtimeDirectory, stateDirectory, namespace);
  const clock = hostClock();
  const { open = (): Promise<Ipvs> => Ipvs.open({ netns }) } = options;
  const driver = new Driver({
    clock,
    engine: new SocketEngine(Object.fromEntries(Object.entries(own).map(([name, { run }]) => [name, run]))),
    kernel: new KernelTable(
      async () => {
        namespace.assertHeld();
        return open();
      },
      observe,
      () => namespace.isReplaced(),
    ),
    source: new DocumentFile(file),
    store: new StateFiles(runtimeDirectory, stateDirectory, () => namespace.id, clock, locks),
    types: { ...CHECK_TYPES, ...own },
    directory: { path: stateDirectory, claim: locks && ((): void => locks.keep()) },
    loop: { id: hostname(), observe, mostInFlight: Math.floor(descriptorLimit() / 2) },
  });
  driver.start();
  return new Agent(driver, namespace, locks);
}

/** Releases the namespace if another agent has one of the directories. */
function lockDirectories(runtime: string, state: string, namespace: HeldNamespace): DirectoryLocks {
  try {
    return new DirectoryLocks([
      { path: runtime, name: 'runtime directory', option: '--runtime-dir' },
      { path: state, name: 'state directory', option: '--state-dir' },
    ]);
  } catch (error) {
    namespace.release();
    throw error;
  }
}
