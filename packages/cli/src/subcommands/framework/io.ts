/** The interface between a subcommand and its process. */
import type { Ipvs } from '@ipvs-ts/ipvs';
import type { NameLookup } from '../../ipvsadm/language/names.js';

/** An output cannot be written: its disk is full, for instance. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code = 'ERR_OUTPUT';
}

/** An output of text. */
export interface Output {
  /** Resolves when more may be written. Rejects with an {@link OutputError}; a closed reader ends the program. */
  write(text: string): Promise<void>;
  /** Whether it is a terminal, on which lines can be overwritten. */
  readonly terminal: boolean;
  /** Whether to use colour: on a terminal, unless NO_COLOR is set. */
  readonly colour: boolean;
  /** The current columns of the terminal; 80 if there is none. */
  columns(): number;
}

/** Columns and rows of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** An event of a screen. `redraw`: its size has changed, or others wrote on it. `end`: there will be no more keys. */
export type ScreenEvent =
  { readonly kind: 'keys'; readonly bytes: string } | { readonly kind: 'redraw' } | { readonly kind: 'end' };

/** A whole terminal to draw on. However the program ends, the terminal is restored. */
export interface Screen {
  size(): ScreenSize;
  /** Writes bytes unchanged. */
  write(text: string): void;
  /** Suspends the program, as Ctrl-Z does. The terminal is restored meanwhile; afterwards there is a `redraw`. */
  suspend(): void;
  /** Releases the terminal. */
  close(): void;
}

/** Short texts by name that last until the next boot, if they can be stored. */
export interface Notes {
  read(name: string): string | undefined;
  write(name: string, text: string): void;
  remove(name: string): void;
}

/** The process of a program that runs until it is ended. */
interface SubcommandProcess {
  readonly pid: number;
  /** Calls `listener` at every SIGHUP from now on, which no longer ends the program. */
  onHangup(listener: () => void): void;
  /** Ends the program by the received signal at once, even if threads are blocked. */
  endBySignal(): void;
}

/** Everything that a subcommand uses of its process. */
export interface SubcommandIo {
  /** The name with which the program was started. */
  readonly programName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the program must end (SIGINT, SIGTERM, SIGHUP). */
  readonly signal: AbortSignal;
  /**
   * The whole text of a file, or of standard input for `-`. Rejects as `fs.readFile` does; with code ERR_TOO_LONG if it
   * has more than `maxBytes`.
   */
  readText(path: string, maxBytes?: number): Promise<string>;
  /** Asks the user at the terminal, and returns their line; undefined if there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Notes about this network namespace; absent if they cannot be stored. */
  readonly notes?: Notes;
  /** The process, for subcommands that run until they are ended. */
  readonly process?: SubcommandProcess;
  /** Opens the look-ups of names; called only if a name must be looked up. */
  readonly names: NameLookup;
  /** Connects to IPVS. Rejects as `Ipvs.open`. The subcommand closes it. */
  open(): Promise<Ipvs>;
  /** Opens the whole terminal; returns undefined if input or output is not a terminal. */
  openScreen(listener: (event: ScreenEvent) => void): Screen | undefined;
}
