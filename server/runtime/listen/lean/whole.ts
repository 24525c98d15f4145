import type { IncomingHttpHeaders } from "node:http2";
import type { Taker } from "./call.ts";
import { tooLong } from "./frames.ts";
import { Gathered } from "./gathered.ts";

/** A body that is one message. */
export class Whole implements Taker {
  readonly bytes: Promise<Uint8Array>;
  readonly #settle: { resolve(bytes: Uint8Array): void; reject(error: unknown): void };
  readonly #bytesMax: number;
  readonly #gathered = new Gathered();
  #isOver = false;

  constructor(head: IncomingHttpHeaders, bytesMax: number) {
    const { promise, ...settle } = Promise.withResolvers<Uint8Array>();
    this.bytes = promise;
    this.#settle = settle;
    this.#bytesMax = bytesMax;
    const promised = Number(head["content-length"] ?? 0);
    if (promised > bytesMax) this.fail(tooLong(promised, bytesMax));
  }

  /** What is held of it so far. */
  get held(): readonly Uint8Array[] {
    return this.#gathered.parts;
  }

  take(chunk: Buffer): void {
    if (this.#isOver) return;
    const length = this.#gathered.length + chunk.length;
    if (length > this.#bytesMax) this.fail(tooLong(undefined, this.#bytesMax));
    else this.#gathered.add(chunk, this.#bytesMax);
  }

  /** The bytes are the call's own, whatever else came with them. */
  end(): void {
    this.#settle.resolve(this.#gathered.take());
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.#gathered.clear();
    this.#settle.reject(error);
  }
}
