const known = new WeakMap<object, readonly Uint8Array[]>();

/**
 * Says what an answer encodes to: these bytes, joined. Whoever keeps messages as bytes need not
 * have them encoded again for each caller; a door that does not ask encodes the message.
 */
export function encodedAs(answer: object, bytes: readonly Uint8Array[]): void {
  known.set(answer, bytes);
}

/** What an answer is known to encode to; undefined when nobody said. */
export function encodedOf(answer: object): readonly Uint8Array[] | undefined {
  return known.get(answer);
}
