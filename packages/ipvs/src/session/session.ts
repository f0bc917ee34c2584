import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  TimeSlice,
  type CallOptions,
  NetlinkClient,
  NetlinkSocket,
  socketTransport,
  type Transport,
} from '@ipvs-ts/netlink';
import { type Calls, makeCalls } from '../calls/calls.js';
import { run } from './run.js';
import type { Info } from '../model/info.js';
import { MODPROBE, openError, type OpenOptions } from './open.js';
import { filesBelow, filesOf, type ProcFiles } from '../proc/proc-files.js';
import { FAMILY_NAME, OPERATION_LIST } from '../schema/operations.js';
import { open, type Step, type Work } from './work.js';

const execFileAsync = promisify(execFile);

/** A connection to the kernel whose steps never hold the event loop. */
export class Session {
  readonly calls: Calls;
  readonly files: ProcFiles;
  /** What IPVS said of itself when it was opened. */
  openingInfo!: Info;
  readonly #client: NetlinkClient;
  readonly #autoload: boolean;
  readonly #breath = new TimeSlice();

  private constructor(client: NetlinkClient, files: ProcFiles, options: OpenOptions<Transport>) {
    this.calls = makeCalls(options.checks ?? 'library');
    this.files = files;
    this.#client = client;
    this.#autoload = options.autoload !== false;
  }

  static async open(options: OpenOptions<Transport>): Promise<Session> {
    let session: Session | undefined;
    try {
      session = Session.#connect(options);
      session.openingInfo = await session.drive(open(session.calls, options));
      return session;
    } catch (error) {
      await session?.close();
      throw openError(error, options);
    }
  }

  static #connect(options: OpenOptions<Transport>): Session {
    const { transport, netns, proc } = options;
    if (transport !== undefined) return new Session(new NetlinkClient(transport), filesBelow(proc), options);
    const socket = new NetlinkSocket({ netns });
    return new Session(new NetlinkClient(socketTransport(socket)), filesOf(socket), options);
  }

  async drive<T>(work: Work<T>, options: CallOptions = {}): Promise<T> {
    return run(work, (step) => this.#perform(step, options));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #perform(step: Step, options: CallOptions): Promise<unknown> {
    const client = this.#client;
    switch (step.type) {
      case 'family':
        return client.family(FAMILY_NAME, { autoload: this.#autoload, operations: OPERATION_LIST });
      case 'breathe':
        if (this.#breath.isOver()) await this.#breath.pause();
        return undefined;
      case 'forget':
        client.forget(FAMILY_NAME);
        return undefined;
      case 'modprobe':
        return execFileAsync(MODPROBE.file, MODPROBE.args).then(
          () => 'modprobe: exit status 0',
          (error: unknown) => `modprobe: ${error instanceof Error ? error.message.trim() : String(error)}`,
        );
      case 'send':
        return step.request.operation.mode === 'dump'
          ? client.dump(step.request, options)
          : client.do(step.request, options);
      case 'batch':
        return client.batch(step.requests, options);
    }
  }
}
