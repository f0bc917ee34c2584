/** Batches of rules: those of a restore are sent together, and their errors reported one by one. */
import { type Call, makeCalls, type BulkBatch } from '@ipvs-ts/ipvs/verbs-sync';
import type { CommandName } from '../language/commands.js';
import type { IpvsadmIo, Run } from '../library/io.js';
import { kernelErrorText } from '../library/kernel-errors.js';
import { EXIT } from '../language/messages.js';
import type { CommandRequest } from '../request/request.js';
import { serverKey, serverOptions, serviceKey, serviceOptions } from '../library/to-library.js';

const calls = makeCalls('kernel');

/** The commands that are batched, by the verb of their call. */
const COMMANDS: Partial<Record<Call['verb'], CommandName>> = {
  addService: 'add-service',
  setService: 'edit-service',
  addDestination: 'add-server',
  setDestination: 'edit-server',
};

/** Changes to be sent. Their errors are reported when they are settled. */
export class RestoreBatch {
  /** The batch of the changes. */
  readonly batch: BulkBatch;
  readonly #io: IpvsadmIo;

  constructor({ io, ipvs }: Run) {
    this.batch = ipvs.bulkBatch();
    this.#io = io;
  }

  /** Adds a request if it is one of the common ones in a restore; returns whether it did. */
  take(request: CommandRequest): boolean {
    const call = callOf(request);
    if (call !== undefined) this.batch.add(call);
    return call !== undefined;
  }

  /** Sends all pending changes; returns the status of the last one, if there was any. */
  settle(): number | undefined {
    const { size } = this.batch;
    if (size === 0) return undefined;
    let status: number = EXIT.ok;
    for (const { index, call, error } of this.batch.settle()) {
      this.#io.stderr(`${kernelErrorText(error, COMMANDS[call.verb] ?? 'restore')}\n`);
      if (index === size - 1) status = EXIT.refused;
    }
    return status;
  }
}

/** The call of a rule: `-S` writes the first and the third of these; others are executed one by one. */
function callOf({ command, service, server }: CommandRequest): Call<void> | undefined {
  if (command === 'add-service') return calls.addService(serviceKey(service), serviceOptions(service));
  if (command === 'edit-service') return calls.setService(serviceKey(service), serviceOptions(service));
  const add = command === 'add-server';
  if (!add && command !== 'edit-server') return undefined;
  const change = add ? calls.addDestination : calls.setDestination;
  return change(serviceKey(service), serverKey(service, server, true), serverOptions(server));
}
