/** Rules on their way to the kernel: those of a restore are sent together, and their refusals told one by one. */
import { type Call, makeCalls } from '@ipvs-ts/ipvs/verbs-sync';
import type { CommandName } from './commands.js';
import type { Session } from './io.js';
import { kernelErrorText } from './kernel-errors.js';
import { EXIT } from './messages.js';
import type { Request } from './request.js';
import { serverKey, serverOptions, serviceKey, serviceOptions } from './target.js';

/** So many are kept back at most: some 20 MB. */
const MOST = 8192;

const calls = makeCalls('kernel');

/** Changes that wait. What they came to is known, and told, when they have been settled. */
export class Pending {
  readonly #session: Session;
  readonly #commands: CommandName[] = [];
  readonly #calls: Call[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  /** Keeps a request if it is one of those that a restore is full of. */
  take(request: Request): boolean {
    const call = callOf(request);
    if (call !== undefined) this.add(request.command, call);
    return call !== undefined;
  }

  /** Keeps the call of a command. */
  add(command: CommandName, call: Call): void {
    if (this.#calls.length === MOST) this.settle();
    this.#commands.push(command);
    this.#calls.push(call);
  }

  /** Sends what waits; the status of its last request, if there was any. */
  settle(): number | undefined {
    if (this.#calls.length === 0) return undefined;
    const { io, ipvs } = this.#session;
    let status: number = EXIT.ok;
    for (const [index, result] of ipvs.batch(this.#calls.splice(0)).entries()) {
      status = result.ok ? EXIT.ok : EXIT.refused;
      if (!result.ok) io.stderr(`${kernelErrorText(result.error, this.#commands[index] as CommandName)}\n`);
    }
    this.#commands.length = 0;
    return status;
  }
}

/** The call of a rule: `-S` writes the first and the third of these; others are carried out one by one. */
function callOf({ command, service, server }: Request): Call | undefined {
  if (command === 'add-service') return calls.addService(serviceKey(service), serviceOptions(service));
  if (command === 'edit-service') return calls.setService(serviceKey(service), serviceOptions(service));
  const add = command === 'add-server';
  if (!add && command !== 'edit-server') return undefined;
  const change = add ? calls.addDestination : calls.setDestination;
  return change(serviceKey(service), serverKey(service, server, true), serverOptions(server));
}
