/** Those who wait for something to hold that changes with patches. */
export class Looks {
  readonly #looks = new Set<() => void>();

  /** Something may have changed. */
  look(): void {
    for (const look of this.#looks) look();
  }

  /** Resolves as soon as it holds; rejects with the signal's reason when that aborts first. */
  async until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (holds()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (holds()) resolve();
    };
    const stop = () => reject(signal.reason);
    this.#looks.add(look);
    signal.addEventListener("abort", stop, { once: true });
    try {
      await promise;
    } finally {
      this.#looks.delete(look);
      signal.removeEventListener("abort", stop);
    }
  }
}
