import { lockNamespace, namespaceId, type NamespaceLock } from './namespace.js';

/**
 * The network namespace whose table an agent keeps. One that is named by a path may be deleted, and made again: then it
 * is another one.
 */
export class HeldNamespace {
  readonly #path: string | undefined;
  readonly #isLocked: boolean;
  #id: string;
  #lock: NamespaceLock | undefined;

  private constructor(path: string | undefined, isLocked: boolean) {
    this.#path = path;
    this.#isLocked = isLocked;
    this.#id = namespaceId(path);
  }

  /** `path`: the process's own by default. `isLocked`: keeps other agents out; rejects with ERR_AGENT_RUNNING. */
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
   * Whether the path names another namespace than before, which is held from now on. Rejects with ERR_AGENT_FILE where it
   * names none, and with ERR_AGENT_RUNNING where another agent keeps the new one.
   */
  async isReplaced(): Promise<boolean> {
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
