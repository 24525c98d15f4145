import type { IncomingHttpHeaders } from "node:http2";
import type { Taker } from "./call.ts";
import { joined, tooLong } from "./frames.ts";

/** A body that is one message. */
export class Whole implements Taker {
  readonly bytes: Promise<Uint8Array>;
  readonly #settle: { resolve(bytes: Uint8Array): void; reject(error: unknown): void };
  readonly #bytesMax: number;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(head: IncomingHttpHeaders, bytesMax: number) {
    const { promise, ...settle } = Promise.withResolvers<Uint8Array>();
    this.bytes = promise;
    this.#settle = settle;
    this.#bytesMax = bytesMax;
    const promised = Number(head["content-length"] ?? 0);
    if (promised > bytesMax) this.fail(tooLong(promised, bytesMax));
  }

  take(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#bytesMax) this.fail(tooLong(undefined, this.#bytesMax));
    else this.#parts.push(chunk);
  }

  /** The bytes are the call's own, whatever else came with them. */
  end(): void {
    this.#settle.resolve(joined(this.#parts, this.#length));
  }

  fail(error: unknown): void {
    this.#parts.length = 0;
    this.#settle.reject(error);
  }
}
