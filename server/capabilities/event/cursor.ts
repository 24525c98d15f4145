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
    if (value > 0xffff_ffff) throw new WireError("a tag or length is too large");
    return Number(value);
  }

  /**
   * A number of up to 64 bits, in as few bytes as it takes: longer ones have room to hide things.
   */
  uint64(): number | bigint {
    let value = 0;
    // Six bytes hold 42 bits, which a double holds exactly.
    for (let at = 0; at < 6; at++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * at);
      if (byte < 0x80) return minimal(byte, at, value);
    }
    let large = BigInt(value);
    for (let at = 6; at < 10; at++) {
      const byte = this.#byte();
      large += BigInt(byte & 0x7f) << BigInt(7 * at);
      if (byte < 0x80) return minimal(byte, at, large);
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

  /** Goes over text of a length; false when it is not UTF-8. */
  text(): boolean {
    const bytes = this.#delimited();
    if (isAscii(bytes)) return true;
    try {
      utf8.decode(bytes);
      return true;
    } catch {
      return false;
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

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
}

function minimal<T extends number | bigint>(last: number, at: number, value: T): T {
  if (last === 0 && at > 0) throw new WireError("a number is longer than it must be");
  if (value > 0xffff_ffff_ffff_ffffn) throw new WireError("a number has more than 64 bits");
  return value;
}
