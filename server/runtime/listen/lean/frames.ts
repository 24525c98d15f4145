import { Code, ConnectError } from "@connectrpc/connect";

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
  #parts: Uint8Array[] = [];
  #partBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether something began that is not whole yet. */
  get isTorn(): boolean {
    return this.#headBytes > 0 || this.#length >= 0;
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
    const missing = this.#length - this.#partBytes;
    const to = Math.min(chunk.length, from + missing);
    const part = chunk.subarray(from, to);
    if (to - from < missing) {
      this.#parts.push(part);
      this.#partBytes += part.length;
      return to;
    }
    const message = this.#parts.length === 0 ? part : joined([...this.#parts, part], this.#length);
    this.#length = -1;
    this.#partBytes = 0;
    if (this.#parts.length > 0) this.#parts = [];
    each(this.#flags, message);
    return to;
  }
}

/** The parts as one; by far cheaper once at the end than with each part. */
export function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** As Connect says it. */
export function tooLong(bytes: number | undefined, bytesMax: number): ConnectError {
  const size = bytes === undefined ? "message size" : `message size ${bytes}`;
  const text = `${size} is larger than configured readMaxBytes ${bytesMax}`;
  return new ConnectError(text, Code.ResourceExhausted);
}
