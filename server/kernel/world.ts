/** Time as one party sees it. */
export interface Clock {
  /** Wall time in milliseconds since 1970. */
  now(): number;
  /** Milliseconds that only grow; their zero means nothing. */
  monotonic(): number;
}

/** Chance, so that a run replays from a seed. */
export interface Random {
  /** Unpredictable bytes, fit for secrets. */
  bytes(length: number): Uint8Array;
  /** A number in [0, 1), for jitter only. */
  fraction(): number;
}

/** A pending act that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Acts that happen later. */
export interface Timers {
  /** Runs `act` once after `ms`; does not keep the process alive. */
  after(ms: number, act: () => void): Timer;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * All that a program cannot compute: time and chance. Rules, loops and protocols get it handed in.
 */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
}
