import type { ServerHttp2Stream } from "node:http2";
import { frameHeadBytes } from "./frames.ts";

/**
 * What goes out is gathered here, for all streams of the process, and written once a tick: a burst
 * of messages becomes one write. A buffer for each stream would be most of what a stream costs.
 */
const pageBytes = 32_768;

/** What fills a frame of HTTP/2 does not wait for the end of the tick. */
const writeBytes = 16_384;

/** What is larger is written as it is: copying would cost more than another write. */
const copyMax = 8_192;

let page = Buffer.allocUnsafeSlow(pageBytes);
let [from, to] = [0, 0];
/** Whose bytes lie between the two. */
let owner: ServerHttp2Stream | undefined;
let awaited = false;

/** Sends a message in its envelope, or puts it with others to be sent this tick. */
export function send(
  stream: ServerHttp2Stream,
  flags: number,
  parts: readonly Uint8Array[],
  length: number,
): void {
  if (owner !== stream) {
    flush();
    owner = stream;
  }
  const whole = frameHeadBytes + length;
  if (whole > copyMax) return sendAlone(stream, flags, parts, length);
  if (to + whole > pageBytes) turnPage();
  page.writeUInt8(flags, to);
  page.writeUInt32BE(length, to + 1);
  to += frameHeadBytes;
  for (const part of parts) {
    page.set(part, to);
    to += part.length;
  }
  if (to - from >= writeBytes) flush();
  else if (!awaited) {
    awaited = true;
    process.nextTick(flushTick);
  }
}

/** Writes what waits. */
export function flush(): void {
  const [stream, piece] = [owner, page.subarray(from, to)];
  owner = undefined;
  from = to;
  if (stream !== undefined && piece.length > 0) write(stream, piece);
}

function flushTick(): void {
  awaited = false;
  flush();
}

function turnPage(): void {
  const stream = owner;
  flush();
  owner = stream;
  page = Buffer.allocUnsafeSlow(pageBytes);
  [from, to] = [0, 0];
}

function sendAlone(
  stream: ServerHttp2Stream,
  flags: number,
  parts: readonly Uint8Array[],
  length: number,
): void {
  flush();
  if (!takes(stream)) return;
  const head = Buffer.alloc(frameHeadBytes);
  head.writeUInt8(flags);
  head.writeUInt32BE(length, 1);
  stream.cork();
  stream.write(head);
  for (const part of parts) stream.write(part);
  stream.uncork();
}

/** A reader that is behind gets a copy: what waits for it must not keep a page of others' bytes. */
function write(stream: ServerHttp2Stream, piece: Buffer): void {
  if (!takes(stream)) return;
  stream.write(stream.writableLength === 0 ? piece : Buffer.copyBytesFrom(piece));
}

function takes(stream: ServerHttp2Stream): boolean {
  return !stream.destroyed && !stream.closed && !stream.writableEnded;
}
