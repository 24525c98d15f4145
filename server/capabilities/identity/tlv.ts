/** One value of DER, and what follows it. */
export interface Tlv {
  /** Tag, length and content. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

/** Tags that requests are made of. */
export const tags = { integer: 0x02, bits: 0x03, sequence: 0x30, attributes: 0xa0 } as const;

/**
 * Reads the value of a tag strictly: one spelling for each length, nothing beyond the end.
 * Undefined for anything else; it never throws.
 */
export function readTlv(bytes: Uint8Array, tag: number): Tlv | undefined {
  const [first, second = 0x80, third = 0, fourth = 0] = bytes;
  if (first !== tag) return undefined;
  const [length, head] = lengthOf(second, third, fourth);
  const end = head + length;
  if (length < 0 || end > bytes.length) return undefined;
  return {
    whole: bytes.subarray(0, end),
    content: bytes.subarray(head, end),
    rest: bytes.subarray(end),
  };
}

/** Content and header length; -1 for a length that is not the shortest, or over 65535. */
function lengthOf(second: number, third: number, fourth: number): [number, number] {
  if (second < 0x80) return [second, 2];
  if (second === 0x81) return [third < 0x80 ? -1 : third, 3];
  if (second === 0x82) return [third === 0 ? -1 : third * 256 + fourth, 4];
  return [-1, 2];
}
