import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AgentError } from '../errors.js';

/** The content of the file while the director is fit, and while it is not. */
const FIT = '0\n';
const UNFIT = '-1\n';

/**
 * The file that keepalived tracks: 0 while the director is fit, -1 while it is not. With `weight 0` keepalived treats
 * anything but 0 as a fault; with `weight 50`, -1 lowers the priority by 50. The file is replaced atomically. Stopping
 * the agent does not change it, like the table.
 */
export class TrackFile {
  #path: string | undefined;
  #written: string | undefined;

  /** Writes the state if it differs. `fit`: undefined while it is not known yet. Throws ERR_AGENT_FILE. */
  update(path: string | undefined, fit: boolean | undefined): void {
    if (path !== this.#path) this.#written = undefined;
    this.#path = path;
    if (path === undefined) return;
    // Until the table was read, a restart must not move addresses. Without a file, the director is not known to be fit.
    if (fit === undefined && exists(path)) return;
    const text = fit === true ? FIT : UNFIT;
    if (text === this.#written && exists(path)) return;
    write(path, text);
    this.#written = text;
  }
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text, { mode: 0o644 });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as { readonly code?: string };
    throw new AgentError(
      'ERR_AGENT_FILE',
      `cannot write the track file ${path} (${code}); check its directory and free space`,
      { cause },
    );
  }
}
