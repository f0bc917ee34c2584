/** What a run takes from outside. */
import type { IpvsVerbsSync } from '@ipvs-ts/ipvs';
import type { NameLookup } from '../language/names.js';

/** The world as a run sees it: nothing else of the process is touched. */
export interface IpvsadmIo {
  /** The name the program was started under; it stands in the help text and in "Try …". */
  readonly programName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. `backup`: a write error must not pass in silence. */
  stdout(text: string, backup?: boolean): void;
  /** Writes to standard error. */
  stderr(text: string): void;
  /** Standard input in pieces of any size, each as soon as it has been read. */
  readStdin(): Iterable<string>;
  /** Throws when the file cannot be read. */
  readFile(path: string): string;
  /** Connects to IPVS, without loading its module; throws an `IpvsError` when there is none. */
  open(): IpvsVerbsSync;
  /** Called before the lines of a table of so many services are made by the fast maker. */
  onTable?(services: number): void;
  /** Loads the IPVS module; false when that failed. */
  loadModule(): boolean;
  /** Opens the look-ups of names; called only when a name or an address has to be looked up. */
  readonly names: NameLookup;
}

/** A run in progress. */
export interface Run {
  readonly io: IpvsadmIo;
  readonly ipvs: IpvsVerbsSync;
}
