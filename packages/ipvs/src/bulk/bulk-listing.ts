import { DumpLister, type DumpRecords, type EncodedRequest } from '@ipvs-ts/netlink/bulk';
import { makeCalls } from '../calls/calls.js';
import { ruleFlags } from '../format/rules.js';
import { addressText } from '../model/address.js';
import type { ServiceKey } from '../model/key.js';
import { protocolName } from '../schema/protocol.js';
import { MESSAGE } from '../schema/message.js';
import type { SessionSync } from '../session/session-sync.js';
import { type ListedLines, serviceDump } from './listed-dumps.js';
import { formFamily, SERVICE_FORMS, SERVICE_WORDS, type ServiceForm } from './listed-values.js';
import { ATTRIBUTES_AT, Template } from './template.js';

const CALLS = makeCalls('kernel');

/** Options of a listing. */
export interface ListingOptions {
  /** Whether to sort by fwmark, family, protocol, address and port, as ipvsadm does, or to keep the kernel's order. */
  readonly sorted: boolean;
}

/**
 * `printed`: the service and its destinations were written. Otherwise nothing was written: the service has no
 * destinations (`none`), or something unusual was received (`refused`).
 */
export type Listed = 'printed' | 'none' | 'refused';

/**
 * Lists services and destinations as lines while the kernel's answers have the usual form, for listings of tens of
 * thousands. On anything else, including errors, it refuses: use the ordinary reading then, which handles and reports
 * everything. Created by `IpvsVerbsSync.bulkListing`.
 */
export class BulkListing {
  /** Executes a dump whose answers the lister takes. */
  readonly #scan: (request: EncodedRequest) => boolean;
  readonly #lister: DumpLister;
  readonly #sorted: boolean;
  readonly #request: EncodedRequest;
  readonly #services: DumpRecords;

  private constructor(
    session: SessionSync,
    lister: DumpLister,
    lines: ListedLines,
    { sorted }: ListingOptions,
  ) {
    const family = session.family();
    this.#scan = session.scanner(lister);
    this.#lister = lister;
    this.#sorted = sorted;
    this.#request = new Template(family, CALLS.services());
    this.#services = serviceDump(lister, family, lines);
  }

  /** Returns undefined where WebAssembly does not run. */
  static open(session: SessionSync, lines: ListedLines, options: ListingOptions): BulkListing | undefined {
    const lister = DumpLister.load((view, at, end) => {
      const { service } = MESSAGE.reader().load(view, at + ATTRIBUTES_AT, end);
      return service && ruleFlags(service.scheduler ?? '', service.flags?.flags ?? 0);
    });
    return lister && new BulkListing(session, lister, lines, options);
  }

  /** Reads the services and returns how many there are; undefined: use the ordinary reading. */
  services(): number | undefined {
    this.#lister.begin(this.#services);
    return this.#scan(this.#request) ? this.#lister.hold(this.#sorted) : undefined;
  }

  /** Returns a service that was read, by its rank. */
  service(index: number): ServiceKey {
    const word = (at: number): number => this.#lister.word(index, at);
    const form = SERVICE_FORMS[word(SERVICE_WORDS.form)] as ServiceForm;
    const family = formFamily(form);
    if (form === 'fwmark' || form === 'fwmark6') return { fwmark: word(SERVICE_WORDS.fwmark), family };
    const bytes = new Uint8Array(family === 'ipv4' ? 4 : 16);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, word(SERVICE_WORDS.address + at / 4));
    return {
      protocol: protocolName(word(SERVICE_WORDS.protocol)),
      address: addressText({ family, bytes }),
      port: word(SERVICE_WORDS.port),
    };
  }

  /**
   * Reads the destinations of a service, and writes its line and theirs. Calls `print` with the lines so far when their
   * buffer is full.
   */
  list(index: number, print: (text: string) => void): Listed {
    if (!this.#scan(this.#lister.ask(index))) return 'refused';
    const count = this.#lister.print(index, this.#sorted, print);
    return count === undefined ? 'refused' : count > 0 ? 'printed' : 'none';
  }

  /** Returns the line of a service, after those that `print` was not called with. */
  serviceLine(index: number): string {
    return this.#lister.lineOf(index);
  }

  /** Returns the lines that `print` was not called with. */
  lines(): string {
    return this.#lister.lines();
  }
}
