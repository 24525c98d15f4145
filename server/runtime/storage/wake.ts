/** Hints that a log of a tenant grew; the truth is in the table, so a lost hint costs only time. */
export class Wake {
  readonly #waiters = new Map<string, Set<() => void>>();

  /** Wakes whoever waits for this log of this tenant, or for this log of any tenant. */
  ring(log: string, tenant: string): void {
    for (const key of [`${log}/${tenant}`, log]) {
      const waiters = this.#waiters.get(key);
      if (waiters === undefined) continue;
      this.#waiters.delete(key);
      for (const wake of waiters) wake();
    }
  }

  /**
   * Resolves at the next ring, or when the signal aborts. Call it before reading, await it after.
   */
  next(log: string, tenant: string | undefined, signal: AbortSignal): Promise<void> {
    const key = tenant === undefined ? log : `${log}/${tenant}`;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const waiters = this.#waiters.get(key) ?? new Set();
      this.#waiters.set(key, waiters);
      const wake = () => {
        waiters.delete(wake);
        if (waiters.size === 0 && this.#waiters.get(key) === waiters) this.#waiters.delete(key);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiters.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}
