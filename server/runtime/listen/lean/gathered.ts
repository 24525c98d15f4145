/** A piece of at least so many bytes stays where it came: it keeps not much else there. */
export const keptBytesMin = 8_192;

const pageBytesMin = 64;

/**
 * The pieces of a message that is not whole yet. A piece costs a hundred bytes besides its own, and
 * may be of one byte: small ones are copied into pages, each as long as all those before it.
 */
export class Gathered {
  #parts: Uint8Array[] = [];
  #length = 0;
  /** The page that is being filled, and how far it is. */
  #page: Uint8Array | undefined;
  #used = 0;
  /** Bytes of the pages since a piece stayed as it was. */
  #pagedBytes = 0;

  /** Bytes that were added. */
  get length(): number {
    return this.#length;
  }

  /** What is held for them, as it would be joined. */
  get parts(): readonly Uint8Array[] {
    return this.#page === undefined
      ? this.#parts
      : [...this.#parts, this.#page.subarray(0, this.#used)];
  }

  /** Adds a piece; `lengthMax` is how long all of them can be. */
  add(piece: Uint8Array, lengthMax: number): void {
    if (piece.length >= keptBytesMin) this.#keep(piece);
    else this.#copy(piece, lengthMax);
    this.#length += piece.length;
  }

  /** All of it, in bytes that are nobody else's; nothing is held after. */
  take(): Uint8Array {
    const [first, second] = this.parts;
    const isOwn = first !== undefined && second === undefined && this.#page !== undefined;
    const whole = isOwn ? first : joined(this.parts, this.#length);
    this.clear();
    return whole;
  }

  clear(): void {
    if (this.#parts.length > 0) this.#parts = [];
    this.#page = undefined;
    this.#length = this.#used = this.#pagedBytes = 0;
  }

  #keep(piece: Uint8Array): void {
    this.#turn();
    this.#parts.push(piece);
    this.#pagedBytes = 0;
  }

  #copy(piece: Uint8Array, lengthMax: number): void {
    const room = this.#page === undefined ? 0 : this.#page.length - this.#used;
    const fits = Math.min(room, piece.length);
    this.#fill(piece.subarray(0, fits));
    const rest = piece.subarray(fits);
    if (rest.length === 0) return;
    this.#turn();
    const missing = lengthMax - this.#length - fits;
    const bytes = Math.min(missing, Math.max(this.#pagedBytes, pageBytesMin));
    this.#page = new Uint8Array(Math.max(rest.length, bytes));
    this.#fill(rest);
  }

  #fill(piece: Uint8Array): void {
    this.#page?.set(piece, this.#used);
    this.#used += piece.length;
    this.#pagedBytes += piece.length;
  }

  #turn(): void {
    if (this.#page !== undefined) this.#parts.push(this.#page.subarray(0, this.#used));
    this.#page = undefined;
    this.#used = 0;
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
