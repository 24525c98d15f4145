import type { Http2Stream } from "node:http2";
import { messageBytesMax } from "./limits.ts";

/** All that a stream brings, if it is not too much. */
export async function readBody(stream: Http2Stream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > messageBytesMax) throw new Error(`it says more than ${messageBytesMax} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
