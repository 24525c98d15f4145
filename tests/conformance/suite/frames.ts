// How the runner and what it tests speak: messages, each after its length in four bytes.
import type { Readable } from "node:stream";

const lengthBytes = 4;

/** The messages of a stream, one after the other. */
export async function* readFrames(input: Readable): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of input as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= lengthBytes) {
      const end = lengthBytes + rest.readUInt32BE(0);
      if (rest.length < end) break;
      yield rest.subarray(lengthBytes, end);
      rest = rest.subarray(end);
    }
  }
}

/** A message with its length before it. */
export function frameOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
