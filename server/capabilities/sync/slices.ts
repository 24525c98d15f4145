import { nameOf } from "./name.ts";

/** Many byte strings in one: the driver writes an array of them as text, and one as it is. */
export interface Slices {
  readonly bytes: Buffer;
  /** Where each begins, from 1 as PostgreSQL counts; as the text of an array. */
  readonly offsets: string;
  readonly lengths: string;
}

const startBytes = 4_096;
const low = 0x7f;
const more = 0x80;
const bits = 7;
const bytesPerUnit = 3;

/**
 * Writes byte strings one after the other into one buffer. A commit writes thousands; an array of
 * bytes for each would cost more than what is in it.
 */
export class Slicer {
  #bytes = Buffer.allocUnsafe(startBytes);
  #at = 0;
  #start = 0;
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];

  /** Ends the byte string that was written last. */
  cut(): void {
    this.#offsets.push(this.#start + 1);
    this.#lengths.push(this.#at - this.#start);
    this.#start = this.#at;
  }

  /** How much was written since the last cut. */
  get length(): number {
    return this.#at - this.#start;
  }

  /** A number as protobuf writes it; whole, and no more than 2^53. */
  varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest > low) {
      this.#bytes[this.#at++] = (rest % more) | more;
      rest = rest > 0xffffffff ? Math.floor(rest / more) : rest >>> bits;
    }
    this.#bytes[this.#at++] = rest;
  }

  /** A signed number of 64 bits as protobuf writes it. */
  zigzag(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    this.#room(10);
    while (rest > BigInt(low)) {
      this.#bytes[this.#at++] = Number(rest & BigInt(low)) | more;
      rest >>= BigInt(bits);
    }
    this.#bytes[this.#at++] = Number(rest);
  }

  /** A double, little-endian. */
  double(value: number): void {
    this.#room(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A short text that holds nothing but ASCII, at its length. */
  latin(text: string): void {
    this.#room(text.length);
    this.#at += this.#bytes.write(text, this.#at, "latin1");
  }

  /** A cell's key as its name, as one byte string. */
  name(key: string): void {
    this.#room(key.length * bytesPerUnit);
    this.raw(nameOf(key));
    this.cut();
  }

  /** All that was cut. */
  slices(): Slices {
    const bytes = this.#bytes.subarray(0, this.#start);
    return { bytes, offsets: arrayOf(this.#offsets), lengths: arrayOf(this.#lengths) };
  }

  #room(length: number): void {
    const wanted = this.#at + length;
    if (wanted <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(wanted, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.#at);
    this.#bytes = bytes;
  }
}

/** Numbers as PostgreSQL reads an array of them; the driver would escape each. */
export function arrayOf(numbers: readonly number[]): string {
  return `{${numbers.join()}}`;
}

/** Names of cells, one after the other. */
export function namesOf(keys: Iterable<string>): Slices {
  const slicer = new Slicer();
  for (const key of keys) slicer.name(key);
  return slicer.slices();
}
