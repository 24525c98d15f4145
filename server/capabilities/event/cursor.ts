/** Bytes that are not protobuf as strict as we want it. */
export class WireError extends Error {}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Goes through serialized bytes, and refuses what it would have to forgive. */
export class WireCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** A number of up to 32 bits, in as few bytes as it takes. */
  uint32(): number {
    const value = this.uint64();
    if (value > 0xffff_ffffn) throw new WireError("a tag or length is too large");
    return Number(value);
  }

  /**
   * A number of up to 64 bits, in as few bytes as it takes: longer ones have room to hide things.
   */
  uint64(): bigint {
    let low = 0;
    for (let at = 0; at < 4; at++) {
      const byte = this.#byte();
      low += (byte & 0x7f) << (7 * at);
      if (byte < 0x80) return minimal(byte, at, BigInt(low));
    }
    let value = BigInt(low);
    for (let at = 4; at < 10; at++) {
      const byte = this.#byte();
      value += BigInt(byte & 0x7f) << BigInt(7 * at);
      if (byte < 0x80) return minimal(byte, at, value);
    }
    throw new WireError("a number does not end");
  }

  skip(length: number): void {
    if (this.#bytes.length - this.#at < length) throw new WireError("it ends too early");
    this.#at += length;
  }

  /** What a length stands before, to be read by itself. */
  part(): WireCursor {
    return new WireCursor(this.#delimited());
  }

  /** Text of a length; it must be UTF-8. */
  text(name: string): void {
    try {
      utf8.decode(this.#delimited());
    } catch (error) {
      throw error instanceof WireError ? error : new WireError(`${name} is not UTF-8`);
    }
  }

  #delimited(): Uint8Array {
    const length = this.uint32();
    const start = this.#at;
    this.skip(length);
    return this.#bytes.subarray(start, this.#at);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new WireError("it ends too early");
    this.#at += 1;
    return byte;
  }
}

function minimal(last: number, at: number, value: bigint): bigint {
  if (last === 0 && at > 0) throw new WireError("a number is longer than it must be");
  if (value > 0xffff_ffff_ffff_ffffn) throw new WireError("a number has more than 64 bits");
  return value;
}
