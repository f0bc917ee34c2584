/** The interface between a run and its process. */
import type { IpvsVerbsSync } from '@ipvs-ts/ipvs';
import type { NameLookup } from '../language/names.js';

/** Everything that a run uses of its process. */
export interface IpvsadmIo {
  /** The name with which the program was started, for the help text and "Try …". */
  readonly programName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. `backup`: a write error must be reported. */
  stdout(text: string, backup?: boolean): void;
  /** Writes to standard error. */
  stderr(text: string): void;
  /** Standard input in pieces of any size, each as soon as it is available. */
  readStdin(): Iterable<string>;
  /** Reads a file. Throws if it cannot be read. */
  readFile(path: string): string;
  /** Connects to IPVS without loading its module; throws an `IpvsError` if there is none. */
  open(): IpvsVerbsSync;
  /** Called before the fast maker starts. */
  onListing?(): void;
  /** Called before the fast maker prints a table, with its number of services. */
  onTable?(services: number): void;
  /** Loads the IPVS module; returns false if that fails. */
  loadModule(): boolean;
  /** Opens the look-ups of names; called only if a name or an address must be looked up. */
  readonly names: NameLookup;
}

/** A run in progress. */
export interface Run {
  readonly io: IpvsadmIo;
  readonly ipvs: IpvsVerbsSync;
}
