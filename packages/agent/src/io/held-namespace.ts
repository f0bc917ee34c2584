import type { AgentError } from '../errors.js';
import { lockNamespace, namespaceId, type NamespaceLock } from './namespace.js';

/**
 * The network namespace whose table an agent manages. A namespace with a path may be deleted and created again: it is
 * another one then.
 */
export class HeldNamespace {
  readonly #path: string | undefined;
  readonly #isLocked: boolean;
  #id: string;
  #lock: NamespaceLock | undefined;
  #lost: AgentError | undefined;

  private constructor(path: string | undefined, isLocked: boolean) {
    this.#path = path;
    this.#isLocked = isLocked;
    this.#id = namespaceId(path);
  }

  /**
   * `path`: the process's own by default. `isLocked`: locks it against other agents; rejects with ERR_AGENT_RUNNING.
   */
  static async hold(path: string | undefined, isLocked: boolean): Promise<HeldNamespace> {
    const held = new HeldNamespace(path, isLocked);
    if (isLocked) held.#lock = await lockNamespace(held.#id, path);
    return held;
  }

  /** Identifies it while it exists. */
  get id(): string {
    return this.#id;
  }

  /**
   * Returns whether the path names another namespace than before, which is held from now on. Rejects with
   * ERR_AGENT_FILE if there is none, and with ERR_AGENT_RUNNING if another agent manages the new one.
   */
  async isReplaced(): Promise<boolean> {
    try {
      const isReplaced = await this.#follow();
      this.#lost = undefined;
      return isReplaced;
    } catch (error) {
      this.#lost = error as AgentError;
      throw error;
    }
  }

  /** Throws as {@link isReplaced} rejected last: what was decided for one namespace must not be sent to another agent's. */
  assertHeld(): void {
    if (this.#lost !== undefined) throw this.#lost;
  }

  async #follow(): Promise<boolean> {
    if (this.#path === undefined) return false;
    const id = namespaceId(this.#path);
    if (id === this.#id) return false;
    if (this.#isLocked) {
      const lock = await lockNamespace(id, this.#path);
      this.#lock?.release();
      this.#lock = lock;
    }
    this.#id = id;
    return true;
  }

  release(): void {
    this.#lock?.release();
  }
}
