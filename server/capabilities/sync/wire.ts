import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { framed } from "@foedus/kernel/sync/frame.ts";

/** How many frames may wait for a reader before its own are no longer taken. */
export const unreadMax = 512;

/** How many may wait at all: the core's credits bound them far below, so more is a mistake. */
const waitingMax = 16_384;

/** What is to be said in one session, in order; it is said by whoever carries the session. */
export class Wire {
  readonly #waiting: Frame[] = [];
  #ended = false;
  #error: unknown;
  #reader: (() => void) | undefined;
  readonly #writers: (() => void)[] = [];
  /** How often somebody looked since anything was said. */
  #silentLooks = 0;

  get depth(): number {
    return this.#waiting.length;
  }

  get ended(): boolean {
    return this.#ended;
  }

  put(frame: Frame): void {
    if (this.#ended) return;
    if (this.#waiting.length >= waitingMax) {
      this.end(new Error(`${waitingMax} frames wait for one reader`));
      return;
    }
    this.#silentLooks = 0;
    this.#waiting.push(frame);
    this.#wake();
    this.#goOn();
  }

  /** Nothing more is put; what waits is still said, and then why it ended. */
  bye(reason: string): void {
    this.put(framed({ case: "bye", value: { reason: reason.slice(0, reasonLengthMax) } }));
    this.end();
  }

  /** Nothing more is put; the reader hears the error at once, if there is one. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (error !== undefined) this.#waiting.length = 0;
    this.#wake();
    this.#goOn();
  }

  /** The next frame; undefined after the last. One reader at a time. Throws what it ended with. */
  async next(): Promise<Frame | undefined> {
    if (!this.#isReady) await new Promise<void>((resolve) => this.whenReady(resolve));
    return this.takeLast();
  }

  /** Tells as soon as there is a frame, or no more; at once if so. One reader at a time. */
  whenReady(tell: () => void): void {
    if (this.#isReady) tell();
    else this.#reader = tell;
  }

  /** The next frame, once it is ready; undefined after the last. Throws what it ended with. */
  takeLast(): Frame | undefined {
    const frame = this.taken();
    if (frame === undefined && this.#error instanceof Error) throw this.#error;
    return frame;
  }

  /** The next frame, if one waits. */
  taken(): Frame | undefined {
    const frame = this.#waiting.shift();
    if (frame !== undefined && this.#writers.length > 0 && this.isRoomy) this.#goOn();
    return frame;
  }

  /** Whether the reader has taken enough that more may be caused. */
  get isRoomy(): boolean {
    return this.#waiting.length < unreadMax;
  }

  /** Resolves once it has. */
  async roomy(): Promise<void> {
    await this.until(() => this.isRoomy);
  }

  /** Resolves when it is so, or over; looks whenever anything was said or taken off. */
  async until(isSo: () => boolean): Promise<void> {
    while (!this.#ended && !isSo()) {
      await new Promise<void>((resolve) => this.#writers.push(resolve));
    }
  }

  /** Says something if nothing was said between the last look and the one before. */
  beat(sign: Frame): void {
    this.#silentLooks++;
    if (this.#silentLooks >= silentLooksMax && this.#waiting.length === 0) this.put(sign);
  }

  get #isReady(): boolean {
    return this.#waiting.length > 0 || this.#ended;
  }

  #goOn(): void {
    for (const go of this.#writers.splice(0)) go();
  }

  #wake(): void {
    const wake = this.#reader;
    this.#reader = undefined;
    wake?.();
  }
}

const reasonLengthMax = 256;
const silentLooksMax = 2;
