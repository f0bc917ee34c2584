/** What a subcommand takes from outside. */
import type { Ipvs } from '@ipvs-ts/ipvs';
import type { NameLookup } from '../../ipvsadm/language/names.js';

/** An output cannot be written: its disk is full, for instance. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code = 'ERR_OUTPUT';
}

/** Where text goes. */
export interface Output {
  /** Resolves when more may be written. Rejects with an {@link OutputError}; a reader that has gone ends the program. */
  write(text: string): Promise<void>;
  /** Whether a person reads it: then there may be colour, and lines that are overwritten. */
  readonly terminal: boolean;
  /** Whether colour is wanted: on a terminal, unless NO_COLOR says otherwise. */
  readonly colour: boolean;
  /** Columns of the terminal now; 80 where there is none. */
  columns(): number;
}

/** Columns and rows of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What happens on a screen. `redraw`: it has another size, or others wrote on it. `end`: no key will come any more. */
export type ScreenEvent =
  { readonly kind: 'keys'; readonly bytes: string } | { readonly kind: 'redraw' } | { readonly kind: 'end' };

/** A whole terminal to draw on. Whatever ends the program, the terminal is then as it was before. */
export interface Screen {
  size(): ScreenSize;
  /** Writes bytes as they are. */
  write(text: string): void;
  /** Suspends the program, as Ctrl-Z asks for. The terminal is released meanwhile; after that, `redraw`. */
  suspend(): void;
  /** Releases the terminal. */
  close(): void;
}

/** Short texts by name that outlive the program, up to the next boot. What cannot be kept is not. */
export interface Notes {
  read(name: string): string | undefined;
  write(name: string, text: string): void;
  remove(name: string): void;
}

/** What a program that runs until it is ended needs of its process. */
interface SubcommandProcess {
  readonly pid: number;
  /** Calls `listener` at every SIGHUP from now on, which no longer ends the program. */
  onHangup(listener: () => void): void;
  /** Ends the program by the signal that came, at once: for threads that wait for what never comes. */
  endBySignal(): void;
}

/** The world as a subcommand sees it: nothing else of the process is touched. */
export interface SubcommandIo {
  /** The name the program was started under. */
  readonly programName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the program is asked to end (SIGINT, SIGTERM, SIGHUP). */
  readonly signal: AbortSignal;
  /**
   * The whole text of a file, or of standard input for `-`. Rejects as `fs.readFile` does; with code ERR_TOO_LONG where
   * it has more than `maxBytes`.
   */
  readText(path: string, maxBytes?: number): Promise<string>;
  /** Asks the user at the terminal, and returns the line they type; undefined where there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Notes about this network namespace; absent where none are kept. */
  readonly notes?: Notes;
  /** The process, for programs that run until they are ended. */
  readonly process?: SubcommandProcess;
  /** Opens the look-ups of names; called only when a name has to be looked up. */
  readonly names: NameLookup;
  /** Connects to IPVS. Rejects as `Ipvs.open`. The subcommand closes it. */
  open(): Promise<Ipvs>;
  /** Takes the whole terminal; undefined if input or output is none. */
  openScreen(listener: (event: ScreenEvent) => void): Screen | undefined;
}
