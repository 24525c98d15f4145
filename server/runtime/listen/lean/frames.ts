import { Code, ConnectError } from "@connectrpc/connect";
import { Gathered } from "./gathered.ts";

/** What stands before each message: a byte of flags, and the length. */
export const frameHeadBytes = 5;

/** Hands out a message whose bytes are whole. */
export type Each = (flags: number, message: Uint8Array) => void;

/** Cuts what arrives, in whatever pieces, into the messages that were sent. */
export class Frames {
  readonly #bytesMax: number;
  #head: Buffer | undefined;
  #headBytes = 0;
  /** Of a message that began: its flags, how long it is, and what is there of it. */
  #flags = 0;
  #length = -1;
  #gathered: Gathered | undefined;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether something began that is not whole yet. */
  get isTorn(): boolean {
    return this.#headBytes > 0 || this.#length >= 0;
  }

  /** What is held of a message that began. */
  get held(): readonly Uint8Array[] {
    return this.#gathered?.parts ?? [];
  }

  /** @throws ConnectError for a message that is too long, as soon as its length is known. */
  take(chunk: Buffer, each: Each): void {
    let at = 0;
    if (this.#length >= 0) at = this.#goOn(chunk, at, each);
    while (at < chunk.length) {
      if (this.#headBytes === 0 && chunk.length - at >= frameHeadBytes) {
        this.#begin(chunk, at);
        at += frameHeadBytes;
      } else {
        at = this.#gatherHead(chunk, at);
        if (this.#length < 0) return;
      }
      at = this.#goOn(chunk, at, each);
    }
  }

  #begin(head: Buffer, at: number): void {
    this.#flags = head.readUInt8(at);
    this.#length = head.readUInt32BE(at + 1);
    if (this.#length > this.#bytesMax) throw tooLong(this.#length, this.#bytesMax);
  }

  #gatherHead(chunk: Buffer, from: number): number {
    this.#head ??= Buffer.alloc(frameHeadBytes);
    const to = Math.min(chunk.length, from + frameHeadBytes - this.#headBytes);
    this.#head.set(chunk.subarray(from, to), this.#headBytes);
    this.#headBytes += to - from;
    if (this.#headBytes === frameHeadBytes) {
      this.#headBytes = 0;
      this.#begin(this.#head, 0);
    }
    return to;
  }

  /** Takes what is there of the message, and hands it out once it is whole. */
  #goOn(chunk: Buffer, from: number, each: Each): number {
    const missing = this.#length - (this.#gathered?.length ?? 0);
    const to = Math.min(chunk.length, from + missing);
    const part = chunk.subarray(from, to);
    const message = this.#wholeWith(part);
    if (message === undefined) return to;
    this.#length = -1;
    each(this.#flags, message);
    return to;
  }

  /** The message, if that is the last part of it; as it came, if it is the only one. */
  #wholeWith(part: Uint8Array): Uint8Array | undefined {
    if (part.length === this.#length) return part;
    this.#gathered ??= new Gathered();
    this.#gathered.add(part, this.#length);
    if (this.#gathered.length < this.#length) return undefined;
    const message = this.#gathered.take();
    this.#gathered = undefined;
    return message;
  }
}

/** As Connect says it. */
export function tooLong(bytes: number | undefined, bytesMax: number): ConnectError {
  const size = bytes === undefined ? "message size" : `message size ${bytes}`;
  const text = `${size} is larger than configured readMaxBytes ${bytesMax}`;
  return new ConnectError(text, Code.ResourceExhausted);
}
