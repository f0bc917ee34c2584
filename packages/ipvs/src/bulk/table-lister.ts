import type { Family } from '@ipvs-ts/netlink';
import { DumpLister, type DumpRecords, type EncodedRequest } from '@ipvs-ts/netlink/bulk';
import { makeCalls } from '../calls/calls.js';
import { KNOWN_FAMILY, type Procedure } from '../calls/procedure.js';
import { schedulerFlagNames } from '../model/service-flags.js';
import { MESSAGE } from '../schema/message.js';
import { type DumpLines, serviceDump } from './listed-dumps.js';
import { ATTRIBUTES_AT, Template } from './template.js';

const CALLS = makeCalls('kernel');

/**
 * Reads services and destinations as lines while the kernel's answers have the usual form, in procedures that both
 * clients run. On anything else, including errors, a procedure returns undefined: use the ordinary reading then, which
 * handles and reports everything.
 */
export class TableLister {
  readonly #lister: DumpLister;
  readonly #request: EncodedRequest;
  readonly #services: DumpRecords;

  private constructor(lister: DumpLister, family: Family, lines: DumpLines) {
    this.#lister = lister;
    this.#request = new Template(family, CALLS.services());
    this.#services = serviceDump(lister, family, lines);
  }

  /** Returns undefined where WebAssembly does not run. Lists of flags are separated by a comma and a space. */
  static *open(lines: DumpLines): Procedure<TableLister | undefined> {
    const family = (yield KNOWN_FAMILY) as Family | undefined;
    const lister = family && DumpLister.load(flagNames);
    return family && lister && new TableLister(lister, family, lines);
  }

  /**
   * Reads the services and returns how many there are. They are sorted by mark, family, protocol, address and port, or
   * stay in the kernel's order.
   */
  *services(order: 'numeric' | false): Procedure<number | undefined> {
    this.#lister.begin(this.#services);
    return (yield* this.#scan(this.#request)) ? this.#lister.hold(order) : undefined;
  }

  /** Returns the lines of a service that was read, by its rank. */
  service(index: number): string {
    return this.#lister.lineOf(index);
  }

  /**
   * Reads the destinations of a service, sorted by address and port. Returns the lines of the service and its
   * destinations; an empty text if it has none.
   */
  *destinations(index: number): Procedure<string | undefined> {
    if (!(yield* this.#scan(this.#lister.ask(index)))) return undefined;
    let text = '';
    const count = this.#lister.print(index, 'numeric', (lines) => {
      text += lines;
    });
    return count === undefined ? undefined : text + this.#lister.lines();
  }

  *#scan(request: EncodedRequest): Procedure<boolean> {
    return (yield { request, reader: this.#lister }) as boolean;
  }
}

function flagNames(view: DataView, at: number, end: number): string | undefined {
  const { service } = MESSAGE.reader().load(view, at + ATTRIBUTES_AT, end);
  return service && schedulerFlagNames(service.scheduler ?? '', service.flags?.flags ?? 0).join(', ');
}
